// Lets the writers of one database go in turns, over all threads and processes.
//
// SQLite's lock goes to whoever happens to ask when it is free: a process that writes one
// transaction after the other keeps it from others for seconds. Here a writer that has finished
// must pass the place of the one who waits next, and cannot get ahead of it.
//
// One for each connection; belongs to its thread. Goes with the process, however that ends. It is a
// courtesy among those who use it: SQLite's own lock keeps the others out, and where the file
// cannot be made, or somebody stops with it in his hands, writers go on without it.
#pragma once

#include <string>

#include "base/unique_fd.h"

namespace relay::sql {

class WriteQueue {
 public:
  // The queue of a database is the file "<path>.queue" beside it. None for one in memory.
  explicit WriteQueue(const std::string& path);

  // Waits for this writer's turn, a few seconds at the most.
  void Enter();
  void Leave();

 private:
  UniqueFd file_;
};

}  // namespace relay::sql
