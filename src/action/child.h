// A program that runs as a child of this process, in a session of its own.
//
// It has the environment and the arguments it is given and nothing else of ours: no descriptors but
// three, default signals, no core files. Where this process is killed, it is killed, too: a repeat
// must not run beside it. (Linux counts the end of the thread that started it as ours: it must not
// outlive that.)
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace relay {

struct ChildLimit {
  __rlimit_resource resource;
  rlim_t most;
};

struct ChildOptions {
  std::vector<std::string> argv;  // the first is the path of the program
  std::vector<std::string> environment;
  std::string directory;
  std::vector<ChildLimit> limits;
  int input = -1;  // becomes its standard input, from the beginning
};

// How it ended: by itself, or by a signal.
struct ChildStatus {
  int exit = 0;
  int signal = 0;  // 0: none
};

class Child {
 public:
  // Temporary where it cannot be started, Permanent where the arguments are longer than the system
  // takes. Any thread.
  static Result<Child> Start(const ChildOptions& options);

  // Kills what is left of it and collects it.
  ~Child();
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;

  // Becomes readable when the program has ended.
  int ended() const { return ended_.get(); }
  // Its standard output and error; reading does not block. Others may hold the other end when it
  // has ended.
  int output() const { return output_.get(); }

  // To it and all that it started and that stayed in its group. Only before Collect().
  void SignalGroup(int number) const;

  // Only once it has ended. Absent where somebody else has collected it.
  std::optional<ChildStatus> Collect();

  // Leaves it to whoever inherits it: one that hangs in the system cannot even be killed.
  void Abandon() { pid_ = -1; }

 private:
  Child(pid_t pid, UniqueFd output) : pid_(pid), output_(std::move(output)) {}

  pid_t pid_;
  UniqueFd ended_;
  UniqueFd output_;
};

}  // namespace relay
