#include "sql/write_queue.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "support/temp_dir.h"

namespace relay::sql {
namespace {

class WriteQueueTest : public testing::Test {
 protected:
  test::TempDir dir_;
  std::string path_ = dir_.path() / "relay.db";
};

TEST_F(WriteQueueTest, LetsOneInAtATime) {
  std::atomic<int> inside = 0;
  std::atomic<bool> two = false;
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 4; ++i) {
      writers.emplace_back([&] {
        WriteQueue queue(path_);
        for (int k = 0; k < 200; ++k) {
          queue.Enter();
          for (int look = 0; look < 1000; ++look) {
            if (++inside != 1) two = true;
            --inside;
          }
          queue.Leave();
        }
      });
    }
  }
  EXPECT_FALSE(two);
}

TEST_F(WriteQueueTest, ADeadWriterHoldsNobodyUp) {
  WriteQueue queue(path_);
  const pid_t child = fork();
  if (child == 0) {
    WriteQueue own(path_);
    own.Enter();
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  const auto begin = std::chrono::steady_clock::now();
  queue.Enter();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4));
  queue.Leave();
}

TEST_F(WriteQueueTest, WhereTheFileCannotBeMadeWritersGoWithoutIt) {
  WriteQueue queue(dir_.path() / "no such folder" / "relay.db");
  queue.Enter();
  queue.Leave();
}

}  // namespace
}  // namespace relay::sql
