// A child process of a test. It dies with the test, and nothing is ever ended but by its PID.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "support/unique_fd.h"

namespace relay::test {

struct ProcessOptions {
  std::vector<std::string> argv = {};         // argv[0] is a path, or a name to be found in PATH
  std::vector<std::string> environment = {};  // "NAME=value", added to the environment of the test
  int stdin_fd = -1;                          // becomes descriptor 0; otherwise stdin_text does
  std::string stdin_text = {};
};

struct ExitStatus {
  int code = 0;    // meaningful when signal is 0
  int signal = 0;  // what ended it, or 0
};

class Process {
 public:
  explicit Process(const ProcessOptions& options);
  ~Process();  // Stop(): a server that is killed hard would leave its workers behind
  Process(Process&&) noexcept = default;
  Process& operator=(Process&&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int number) const;
  bool running() { return !Wait(std::chrono::milliseconds(0)); }

  // nullopt when it still runs after that time.
  std::optional<ExitStatus> Wait(std::chrono::milliseconds timeout);

  // Asks with SIGTERM, insists with SIGKILL after that time.
  ExitStatus Stop(std::chrono::milliseconds patience = std::chrono::seconds(10));

  // All it has written so far.
  std::string out() const;
  std::string err() const;

 private:
  pid_t pid_ = -1;
  UniqueFd watch_;  // readable once the child has ended
  UniqueFd out_;
  UniqueFd err_;
  std::optional<ExitStatus> status_;
};

// Runs a command to its end. Throws when that takes longer than a minute.
struct Finished {
  int code = 0;  // 128 + the signal that ended it
  std::string out;
  std::string err;
};
Finished RunToEnd(const ProcessOptions& options);

}  // namespace relay::test
