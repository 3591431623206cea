#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "support/deadline.h"

namespace relay::test {
namespace {

// Files without a name: a child can fill them without anyone reading.
UniqueFd Scratch() {
  UniqueFd fd(memfd_create("relay-test", MFD_CLOEXEC));
  if (fd.get() < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
  return fd;
}

std::string ContentOf(const UniqueFd& file) {
  struct stat info {};
  fstat(file.get(), &info);
  std::string text(static_cast<size_t>(info.st_size), '\0');
  const ssize_t got = pread(file.get(), text.data(), text.size(), 0);
  text.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return text;
}

std::vector<char*> Pointers(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (const std::string& s : strings) pointers.push_back(const_cast<char*>(s.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> Environment(const std::vector<std::string>& added) {
  std::vector<std::string> all = added;  // getenv finds the first
  for (char** entry = environ; *entry; ++entry) all.emplace_back(*entry);
  return all;
}

}  // namespace

Process::Process(const ProcessOptions& options) : out_(Scratch()), err_(Scratch()) {
  UniqueFd text = Scratch();
  if (pwrite(text.get(), options.stdin_text.data(), options.stdin_text.size(), 0) < 0) {
    throw std::system_error(errno, std::generic_category(), "stdin of a child");
  }
  const int in = options.stdin_fd >= 0 ? options.stdin_fd : text.get();
  const std::vector<std::string> environment = Environment(options.environment);
  const std::vector<char*> argv = Pointers(options.argv);
  const std::vector<char*> envp = Pointers(environment);

  pid_ = fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) {
    // Other threads of the test do not exist here: nothing but system calls until exec.
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (dup2(in, 0) < 0 || dup2(out_.get(), 1) < 0 || dup2(err_.get(), 2) < 0) _exit(126);
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    execvpe(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  // By number, because glibc 2.36 declares pidfd_open() for C only.
  watch_ = UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  if (watch_.get() < 0) throw std::system_error(errno, std::generic_category(), "pidfd_open");
}

Process::~Process() {
  if (watch_.get() >= 0) Stop();
}

void Process::Signal(int number) const {
  if (!status_) kill(pid_, number);
}

std::optional<ExitStatus> Process::Wait(std::chrono::milliseconds timeout) {
  if (status_) return status_;
  const Deadline deadline(timeout);
  pollfd ended{watch_.get(), POLLIN, 0};
  int ready = 0;
  while ((ready = poll(&ended, 1, deadline.left_ms())) < 0 && errno == EINTR) {
  }
  int raw = 0;
  const auto collect = [&] { return waitpid(pid_, &raw, WNOHANG) == pid_; };
  // The end of a traced process is shown to its tracer first, and to us when that has seen it.
  if (ready > 0 ? !deadline.Until(collect) : !collect()) return std::nullopt;
  status_ = WIFSIGNALED(raw) ? ExitStatus{0, WTERMSIG(raw)} : ExitStatus{WEXITSTATUS(raw), 0};
  return status_;
}

ExitStatus Process::Stop(std::chrono::milliseconds patience) {
  Signal(SIGTERM);
  if (auto status = Wait(patience)) return *status;
  Signal(SIGKILL);
  std::optional<ExitStatus> status;
  while (!status) status = Wait(std::chrono::seconds(1));
  return *status;
}

std::string Process::out() const {
  return ContentOf(out_);
}
std::string Process::err() const {
  return ContentOf(err_);
}

Finished RunToEnd(const ProcessOptions& options) {
  Process process(options);
  const auto status = process.Wait(std::chrono::minutes(1));
  if (!status) throw std::runtime_error(options.argv[0] + " does not end");
  return {status->signal ? 128 + status->signal : status->code, process.out(), process.err()};
}

}  // namespace relay::test
