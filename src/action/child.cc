#include "action/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace relay {
namespace {

constexpr int kNews = 3;  // where the child tells that it could not become the program

enum class Step { Directory, Limits, Program };

// What the child tells before it gives up.
struct News {
  Step step;
  int number;
};

const char* NameOf(Step step) {
  switch (step) {
    case Step::Directory:
      return "enter its directory";
    case Step::Limits:
      return "set its limits";
    case Step::Program:
      return "start it";
  }
  return "";
}

Error Failed(const char* doing, int number) {
  return {number == E2BIG ? ErrorKind::Permanent : ErrorKind::Temporary,
          fmt::format("{}: {}", doing, std::generic_category().message(number))};
}

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

// Above the descriptors that the child puts in place: those of this process may be closed.
Result<Pipe> MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return Failed("make a pipe", errno);
  const UniqueFd low_read(ends[0]);
  const UniqueFd low_write(ends[1]);
  Pipe pipe{UniqueFd(fcntl(ends[0], F_DUPFD_CLOEXEC, kNews + 1)),
            UniqueFd(fcntl(ends[1], F_DUPFD_CLOEXEC, kNews + 1))};
  if (!pipe.read || !pipe.write) return Failed("make a pipe", errno);
  return pipe;
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  // execve() takes pointers to what it does not change.
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// No more than this process may have itself.
std::vector<ChildLimit> Within(std::vector<ChildLimit> limits) {
  for (ChildLimit& limit : limits) {
    rlimit own{};
    if (getrlimit(limit.resource, &own) == 0) limit.most = std::min(limit.most, own.rlim_max);
  }
  return limits;
}

// All that the child needs, made before fork(): behind it are only calls that are safe there.
struct Prepared {
  char* const* argv;
  char* const* environment;
  const char* directory;
  const std::vector<ChildLimit>& limits;
  int input;
  int output;
  int news;
  pid_t parent;
};

[[noreturn]] void GiveUp(Step step) {
  const News news{step, errno};
  // Who cannot even tell is taken for a program that ended like this.
  const ssize_t told = write(kNews, &news, sizeof news);
  _exit(told < 0 ? 126 : 127);
}

void TakeDefaultSignals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) sigaction(number, &action, nullptr);
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void Become(const Prepared& prepared) {
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != prepared.parent) _exit(127);  // it ended before we asked for the signal
  if (dup3(prepared.news, kNews, O_CLOEXEC) < 0 || dup2(prepared.input, 0) < 0 ||
      dup2(prepared.output, 1) < 0 || dup2(prepared.output, 2) < 0) {
    GiveUp(Step::Program);
  }
  closefrom(kNews + 1);
  if (chdir(prepared.directory) != 0) GiveUp(Step::Directory);
  for (const ChildLimit& limit : prepared.limits) {
    const rlimit both{limit.most, limit.most};
    if (setrlimit(limit.resource, &both) != 0) GiveUp(Step::Limits);
  }
  TakeDefaultSignals();
  execve(prepared.argv[0], prepared.argv, prepared.environment);
  GiveUp(Step::Program);
}

// No signal handler of ours may run in the child.
pid_t ForkAndBecome(const Prepared& prepared) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = fork();
  if (pid == 0) Become(prepared);
  const int number = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = number;
  return pid;
}

// Ends when the child has become the program, or tells why it has not.
std::optional<News> ReadNews(int pipe) {
  News news{};
  ssize_t got = 0;
  while ((got = read(pipe, &news, sizeof news)) < 0 && errno == EINTR) {
  }
  if (got == static_cast<ssize_t>(sizeof news)) return news;
  return std::nullopt;
}

std::optional<ChildStatus> WaitFor(pid_t pid) {
  int status = 0;
  pid_t got = 0;
  while ((got = waitpid(pid, &status, 0)) < 0 && errno == EINTR) {
  }
  if (got != pid) return std::nullopt;
  if (WIFSIGNALED(status)) return ChildStatus{0, WTERMSIG(status)};
  return ChildStatus{WEXITSTATUS(status), 0};
}

}  // namespace

Result<Child> Child::Start(const ChildOptions& options) {
  auto output = MakePipe();
  if (!output) return output.error();
  auto news = MakePipe();
  if (!news) return news.error();
  const UniqueFd input(fcntl(options.input, F_DUPFD_CLOEXEC, kNews + 1));
  if (!input || fcntl(output->read.get(), F_SETFL, O_NONBLOCK) != 0) {
    return Failed("prepare its descriptors", errno);
  }
  auto limits = Within(options.limits);
  limits.push_back({RLIMIT_CORE, 0});
  const auto argv = Pointers(options.argv);
  const auto environment = Pointers(options.environment);
  const pid_t pid =
      ForkAndBecome({argv.data(), environment.data(), options.directory.c_str(), limits,
                     input.get(), output->write.get(), news->write.get(), getpid()});
  if (pid < 0) return Failed("start a process", errno);
  news->write.Reset();
  Child child(pid, std::move(output->read));
  if (const auto failed = ReadNews(news->read.get())) {
    return Failed(NameOf(failed->step), failed->number);
  }
  // By number, because glibc 2.36 declares pidfd_open() for C only.
  child.ended_.Reset(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!child.ended_) return Failed("watch it", errno);
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      ended_(std::move(other.ended_)),
      output_(std::move(other.output_)) {}

Child::~Child() {
  if (pid_ < 0) return;
  SignalGroup(SIGKILL);
  WaitFor(pid_);
}

void Child::SignalGroup(int number) const {
  if (pid_ > 0) kill(-pid_, number);
}

std::optional<ChildStatus> Child::Collect() {
  return WaitFor(std::exchange(pid_, -1));
}

}  // namespace relay
