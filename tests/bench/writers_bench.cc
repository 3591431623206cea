// Several processes on one store, as Apache's mod_fcgid starts them: how evenly the write lock goes
// round, and how long one waits for it. Prints, for 1, 2, 4 and 8 processes that each store one
// post after the other: posts a second together, the share of the slowest against that of the
// fastest, and the longest times.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "store/sqlite_store.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::microseconds;

constexpr auto kFor = std::chrono::seconds(3);

struct Report {
  std::int64_t posts = 0;
  std::int64_t p99 = 0;  // microseconds
  std::int64_t longest = 0;
};

NewPost PostOf(int writer, std::int64_t number) {
  NewPost post;
  post.raw.body = fmt::format("{}-{}-{}", writer, number, std::string(4400, 'x'));
  post.session_id = fmt::format("{}-{}", writer, number);
  post.plan = [](PostId, SessionState state, const ReadTranscript&) {
    ++state.posts;
    return Result<Plan>(Plan{state, {}, {{"crm", {}, {}, ""}}});
  };
  return post;
}

Report Write(const std::string& path, int writer) {
  auto store = SqliteStore::Open(path, sql::OpenMode::ReadWrite);
  if (!store) throw std::runtime_error(store.error().message);
  std::vector<std::int64_t> times;
  for (const auto end = Steady::now() + kFor; Steady::now() < end;) {
    const NewPost post = PostOf(writer, std::ssize(times));
    const auto begin = Steady::now();
    if (!(*store)->Accept({&post, 1}).front()) throw std::runtime_error("a post was refused");
    times.push_back((Steady::now() - begin) / microseconds(1));
  }
  std::ranges::sort(times);
  return {std::ssize(times), times[times.size() * 99 / 100], times.back()};
}

// In a process of its own; the report comes through a pipe.
int Start(const std::string& path, int writer) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  if (fork() == 0) {
    const Report report = Write(path, writer);
    _exit(write(ends[1], &report, sizeof report) == sizeof report ? 0 : 1);
  }
  close(ends[1]);
  return ends[0];
}

void Measure(int writers) {
  const test::TempDir dir;
  const std::string path = dir.path() / "relay.db";
  { static_cast<void>(SqliteStore::Open(path, sql::OpenMode::ReadWrite).ok()); }
  std::vector<int> pipes;
  for (int writer = 0; writer < writers; ++writer) pipes.push_back(Start(path, writer));
  std::vector<Report> reports(static_cast<std::size_t>(writers));
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (read(pipes[i], &reports[i], sizeof(Report)) != sizeof(Report)) {
      throw std::runtime_error("a writer failed");
    }
    close(pipes[i]);
  }
  while (wait(nullptr) > 0) {
  }
  std::int64_t sum = 0;
  for (const Report& report : reports) sum += report.posts;
  const auto by = [](std::int64_t Report::*member) {
    return [member](const Report& a, const Report& b) { return a.*member < b.*member; };
  };
  const auto [least, most] = std::ranges::minmax_element(reports, by(&Report::posts));
  fmt::print(
      "{} processes: {:6} posts/s, slowest/fastest {:.2f}, worst 99 % {:.1f} ms, longest {} ms\n",
      writers, sum * 1000 / (kFor / std::chrono::milliseconds(1)),
      static_cast<double>(least->posts) / static_cast<double>(most->posts),
      static_cast<double>(std::ranges::max_element(reports, by(&Report::p99))->p99) / 1000,
      std::ranges::max_element(reports, by(&Report::longest))->longest / 1000);
}

}  // namespace
}  // namespace relay

int main() {
  for (const int writers : {1, 2, 4, 8}) relay::Measure(writers);
}
