#include "support/failing_calls.h"

#include <stdexcept>

#include "support/deadline.h"

namespace relay::test {
namespace {

ProcessOptions Strace(pid_t pid, const FailingCallsOptions& options) {
  ProcessOptions strace;
  strace.argv = {"strace", "-f",
                 "-o",     "/dev/null",
                 "-p",     std::to_string(pid),
                 "-e",     "trace=" + options.calls,
                 "-e",     "inject=" + options.calls + ":error=" + options.error};
  for (const auto& file : options.files) {
    strace.argv.insert(strace.argv.end(), {"-P", file.string()});
  }
  return strace;
}

}  // namespace

FailingCalls::FailingCalls(pid_t pid, const FailingCallsOptions& options)
    : strace_(Strace(pid, options)) {
  const bool attached = Deadline(std::chrono::seconds(20)).Until([&] {
    return !strace_.running() || strace_.err().find("attached") != std::string::npos;
  });
  if (!attached || !strace_.running()) {
    throw std::runtime_error("strace cannot attach: " + strace_.err());
  }
}

}  // namespace relay::test
