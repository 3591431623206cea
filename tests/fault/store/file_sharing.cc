#include "fault/store/file_sharing.h"

#include <sqlite3.h>

#include <algorithm>

namespace relay::test {
namespace {

// sqlite3.h has no name for the level between RESERVED and EXCLUSIVE.
constexpr int kPending = 3;

}  // namespace

int FileLocks::HighestOfOthers(Holder holder) const {
  int highest = SQLITE_LOCK_NONE;
  for (const auto& [other, level] : levels_) {
    if (other != holder) highest = std::max(highest, level);
  }
  return highest;
}

bool FileLocks::Raise(Holder holder, int level) {
  int& own = levels_[holder];
  if (own >= level) return true;
  const int others = HighestOfOthers(holder);
  if (level == SQLITE_LOCK_SHARED) {
    if (others >= kPending) return false;
  } else if (others >= SQLITE_LOCK_RESERVED) {
    return false;
  } else if (level == SQLITE_LOCK_EXCLUSIVE && others >= SQLITE_LOCK_SHARED) {
    own = kPending;
    return false;
  }
  own = level;
  return true;
}

void FileLocks::Lower(Holder holder, int level) {
  if (level == SQLITE_LOCK_NONE) {
    levels_.erase(holder);
  } else {
    levels_[holder] = level;
  }
}

bool FileLocks::IsReserved() const {
  return HighestOfOthers(nullptr) >= SQLITE_LOCK_RESERVED;
}

void* SharedMemory::Find(std::size_t region) const {
  return region < regions_.size() ? regions_[region].get() : nullptr;
}

void* SharedMemory::FindOrMake(std::size_t region, std::size_t size) {
  while (regions_.size() <= region) regions_.push_back(std::make_unique<char[]>(size));
  return Find(region);
}

void SharedMemory::Leave(Holder holder) {
  slots_.erase(holder);
  if (slots_.empty()) regions_.clear();
}

SharedMemory::Slots SharedMemory::HeldByOthers(Holder holder) const {
  Slots held;
  for (const auto& [other, slots] : slots_) {
    if (other == holder) continue;
    held.shared |= slots.shared;
    held.exclusive |= slots.exclusive;
  }
  return held;
}

bool SharedMemory::LockShared(Holder holder, std::uint8_t slots) {
  if ((HeldByOthers(holder).exclusive & slots) != 0) return false;
  slots_[holder].shared |= slots;
  return true;
}

bool SharedMemory::LockExclusive(Holder holder, std::uint8_t slots) {
  const Slots others = HeldByOthers(holder);
  if (((others.shared | others.exclusive) & slots) != 0) return false;
  slots_[holder].exclusive |= slots;
  return true;
}

void SharedMemory::Unlock(Holder holder, std::uint8_t slots) {
  Slots& own = slots_[holder];
  own.shared &= static_cast<std::uint8_t>(~slots);
  own.exclusive &= static_cast<std::uint8_t>(~slots);
}

}  // namespace relay::test
