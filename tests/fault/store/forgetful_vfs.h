// SQLite on a disk that forgets: the default VFS of this process for as long as it lives. It tells
// SQLite the same about the disk as SQLite's own VFS for Unix does, and syncs names when that does.
// For one thread.
#pragma once

#include <memory>

#include "fault/store/forgetful_disk.h"

namespace relay::test {

class ForgetfulVfs {
 public:
  ForgetfulVfs();  // with an empty disk
  ~ForgetfulVfs();
  ForgetfulVfs(const ForgetfulVfs&) = delete;
  ForgetfulVfs& operator=(const ForgetfulVfs&) = delete;

  // What is opened from now on lies on this disk. What is open stays where it is.
  void Insert(std::shared_ptr<ForgetfulDisk> disk);

  // From here on SQLite draws the same random numbers every time.
  void RestartRandomness();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace relay::test
