// System calls of a running process that fail, from outside, for as long as this lives: what a
// broken disk does to it. Uses strace; who is not root may be forbidden to.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/process.h"

namespace relay::test {

struct FailingCallsOptions {
  std::string calls;                         // as strace lists them: "fdatasync,fsync"
  std::string error;                         // "EIO"
  std::vector<std::filesystem::path> files;  // only calls on these
};

class FailingCalls {
 public:
  // Throws where the process cannot be traced. A call that is being made meanwhile may still
  // succeed.
  FailingCalls(pid_t pid, const FailingCallsOptions& options);

 private:
  Process strace_;
};

}  // namespace relay::test
