#include "fault/store/file_sharing.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace relay::test {
namespace {

TEST(FileLocksTest, LetOneWriterInAndOnlyWhenNobodyReads) {
  FileLocks locks;
  const int one = 0;
  const int other = 0;
  EXPECT_TRUE(locks.Raise(&one, SQLITE_LOCK_SHARED));
  EXPECT_TRUE(locks.Raise(&other, SQLITE_LOCK_SHARED));
  EXPECT_TRUE(locks.Raise(&one, SQLITE_LOCK_RESERVED));
  EXPECT_FALSE(locks.Raise(&other, SQLITE_LOCK_RESERVED));
  EXPECT_FALSE(locks.Raise(&one, SQLITE_LOCK_EXCLUSIVE)) << "the other one reads";
  locks.Lower(&other, SQLITE_LOCK_NONE);
  EXPECT_FALSE(locks.Raise(&other, SQLITE_LOCK_SHARED)) << "a writer waits";
  EXPECT_TRUE(locks.Raise(&one, SQLITE_LOCK_EXCLUSIVE));
  locks.Lower(&one, SQLITE_LOCK_NONE);
  EXPECT_TRUE(locks.Raise(&other, SQLITE_LOCK_SHARED));
}

TEST(SharedMemoryTest, LocksSlotsAndIsForgottenWithItsLastUser) {
  SharedMemory memory;
  const int one = 0;
  const int other = 0;
  memory.Join(&one);
  memory.Join(&other);
  EXPECT_EQ(memory.Find(0), nullptr);
  EXPECT_NE(memory.FindOrMake(0, 32), nullptr);
  EXPECT_TRUE(memory.LockShared(&one, 0b001));
  EXPECT_TRUE(memory.LockShared(&other, 0b001));
  EXPECT_FALSE(memory.LockExclusive(&one, 0b011));
  memory.Unlock(&other, 0b001);
  EXPECT_TRUE(memory.LockExclusive(&one, 0b011));
  EXPECT_FALSE(memory.LockShared(&other, 0b010));
  memory.Leave(&one);
  EXPECT_TRUE(memory.LockShared(&other, 0b010));
  EXPECT_NE(memory.Find(0), nullptr);
  memory.Leave(&other);
  EXPECT_EQ(memory.Find(0), nullptr);
}

}  // namespace
}  // namespace relay::test
