// What a post costs from the web server on, as ratios of what runs side by side behind one nginx:
// script.fcgi, FastCGI programs with nothing in them, and what one would write or install instead.
//
//   web_bench [seconds of each measurement [rounds [part]]]
//
// The parts are: receiving, delivering, starting; all of them unless one is named.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "bench/stage.h"
#include "support/sockets.h"

namespace relay::bench {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double Seconds(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// Measured in turn with all others, so that what else the machine does meets all alike.
struct Contestant {
  std::string name;
  int port = 0;
  std::vector<double> per_second = {};
  std::vector<double> percentile_99 = {};  // ms, at half of the empty program's rate
  std::uint64_t next = LoadOptions().first;

  LoadResult Post(const LoadOptions& how) {
    LoadOptions options = how;
    options.first = next;
    const LoadResult result = Load(HttpTarget(port, "/script.fcgi"), options);
    next += result.posts + static_cast<std::uint64_t>(options.connections);
    return result;
  }
};

void PrintRow(const std::string& figure, const std::string& against, double ratio,
              const std::string& goal, const std::string& values) {
  fmt::print("| {} | {} | {:.2f} | {} | {} |\n", figure, against, ratio, goal, values);
  std::fflush(stdout);
}

void PrintHead(const char* title) {
  fmt::print("\n**{}**\n\n| figure | against | ratio | goal | medians |\n|---|---|---|---|---|\n",
             title);
}

class Comparison {
 public:
  Comparison(milliseconds duration, int rounds) : duration_(duration), rounds_(rounds) {
    paused_.Pause();
    paused_.StartDelivering();
    delivering_.StartDelivering();
  }

  void Throughput() {
    for (int round = 0; round < rounds_; ++round) {
      for (Contestant* each : All()) {
        each->per_second.push_back(each->Post({.duration = duration_}).per_second);
      }
    }
    PrintHead("Posts a second, 64 connections, distinct posts of 4.4 KB");
    Row("accepts/s, delivery in a process of its own, paused", at_paused_, at_threads_, "≥ 0.9");
    Row("the same", at_paused_, at_loop_, "≥ 0.45");
    Row("the same, delivering to a local sink", at_delivering_, at_threads_, "≥ 0.5");
    Row("accepts/s, paused", at_paused_, at_php_, "≥ 10");
    Row("the same", at_paused_, at_webhook_, "≥ 40");
  }

  void Latency() {
    const double rate = Median(at_threads_.per_second) / 2;
    for (int round = 0; round < rounds_; ++round) {
      for (Contestant* each : {&at_threads_, &at_paused_}) {
        const LoadResult result = each->Post({.duration = duration_, .rate = rate});
        each->percentile_99.push_back(static_cast<double>(result.percentile_99.count()) / 1000);
      }
    }
    PrintHead("Waiting for the 200");
    const double own = Median(at_paused_.percentile_99);
    const double empty = Median(at_threads_.percentile_99);
    PrintRow(fmt::format("99th percentile at {:.0f} posts/s", rate), at_threads_.name, own / empty,
             "≤ 3", fmt::format("{:.2f} ms, {:.2f} ms", own, empty));
  }

  void Memory() {
    PrintHead("Memory, MiB resident, after all the posts above");
    const double own = ResidentMiB(paused_.pid());
    const double empty = ResidentMiB(threads_.pid());
    PrintRow("script.fcgi", at_threads_.name, own / empty, "≤ 128 MiB more",
             fmt::format("{:.1f}, {:.1f}", own, empty));
  }

 private:
  std::vector<Contestant*> All() {
    return {&at_threads_, &at_loop_, &at_paused_, &at_delivering_, &at_php_, &at_webhook_};
  }

  static void Row(const std::string& figure, const Contestant& own, const Contestant& other,
                  const std::string& goal) {
    const double mine = Median(own.per_second);
    const double its = Median(other.per_second);
    PrintRow(figure, other.name, mine / its, goal, fmt::format("{:.0f}/s, {:.0f}/s", mine, its));
  }

  static double ResidentMiB(int pid) {
    std::ifstream file(fmt::format("/proc/{}/statm", pid));
    double total = 0;
    double resident = 0;  // pages
    file >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
  }

  const milliseconds duration_;
  const int rounds_;
  const Site sink_site_ = SinkSite();
  const std::string sink_ = fmt::format("http://127.0.0.1:{}/", sink_site_.port);
  Program threads_{EMPTY_LIBFCGI};
  Program loop_{EMPTY_LOOP};
  Relay paused_{sink_};
  Relay delivering_{sink_};
  Php php_;
  Webhook webhook_;
  const std::vector<Site> sites_ = {FcgiSite(threads_.socket()),
                                    FcgiSite(loop_.socket()),
                                    FcgiSite(paused_.socket()),
                                    FcgiSite(delivering_.socket()),
                                    PhpSite(php_),
                                    WebhookSite(webhook_),
                                    sink_site_};
  test::Nginx nginx_ = ServeAll(sites_);
  Contestant at_threads_{"an empty libfcgi program, 64 threads", sites_[0].port};
  Contestant at_loop_{"an empty epoll loop", sites_[1].port};
  Contestant at_paused_{"script.fcgi", sites_[2].port};
  Contestant at_delivering_{"script.fcgi, delivering", sites_[3].port};
  Contestant at_php_{"PHP-FPM, SQLite with synchronous=FULL", sites_[4].port};
  Contestant at_webhook_{"webhook with a script", sites_[5].port};
};

// Delivered by `deliver --once`, and sent by libcurl alone, to the same sink.
void CompareDelivering(int rounds) {
  constexpr int kPosts = 20'000;
  const Site sink = SinkSite();
  const std::string url = fmt::format("http://127.0.0.1:{}/", sink.port);
  const test::Nginx nginx = ServeAll({sink});
  std::vector<double> own;
  std::vector<double> bare;
  double stored = 0;
  for (int round = 0; round < rounds; ++round) {
    Relay relay(url);
    Load(FcgiTarget(relay.socket()), {.duration = std::chrono::minutes(5), .most_posts = kPosts});
    const auto began = Clock::now();
    const test::Finished done = relay.installation().Relay({"deliver", "--once"});
    if (done.code != 0) throw std::runtime_error("deliver: " + done.err);
    const double took = Seconds(Clock::now() - began);
    own.push_back(kPosts / took);
    stored = static_cast<double>(std::filesystem::file_size(relay.installation().store())) /
             (kPosts * static_cast<double>(PostBody().size()));

    const auto start = Clock::now();
    const test::Finished sent =
        test::RunToEnd({.argv = {BARE_CURL, url, "8", std::to_string(kPosts)}});
    if (sent.code != 0) throw std::runtime_error("bare_curl: " + sent.err);
    bare.push_back(kPosts / Seconds(Clock::now() - start));
  }
  PrintHead("Delivering, 8 workers, to a sink that answers at once");
  PrintRow("delivered/s", "libcurl alone, 8 threads", Median(own) / Median(bare), "≥ 0.6",
           fmt::format("{:.0f}/s, {:.0f}/s", Median(own), Median(bare)));
  PrintRow("bytes of the store, delivered", "bytes posted", stored, "≤ 1.3", "");
}

double MsOfCgi(const test::ProcessOptions& program) {
  const auto start = Clock::now();
  const test::Finished done = test::RunToEnd(program);
  if (done.out.find("200 OK") == std::string::npos) throw std::runtime_error(done.out + done.err);
  return Seconds(Clock::now() - start) * 1000;
}

// From the start of the program to its first reply.
double MsToFirstReply(const std::filesystem::path& program,
                      const test::Installation& installation) {
  const test::TempDir dir;
  const auto socket = dir.path() / "socket";
  const test::UniqueFd listener = test::ListenOnUnix(socket);
  test::ProcessOptions options = installation.Command({program});
  options.stdin_fd = listener.get();
  const auto start = Clock::now();
  const test::Process process(options);
  Load(FcgiTarget(socket), {.connections = 1, .most_posts = 1});
  return Seconds(Clock::now() - start) * 1000;
}

void CompareStarting() {
  constexpr int kRuns = 25;
  const test::Installation installation("");
  std::vector<double> own_cgi, empty_cgi, own_start, empty_start;
  for (int i = 0; i < kRuns; ++i) {
    const std::string form = fmt::format("SessionID={}&Tracking0=CASE-1", i);
    own_cgi.push_back(MsOfCgi(installation.CgiPost(form)));
    test::ProcessOptions empty = installation.Command({EMPTY_CGI});
    empty.stdin_text = form;
    empty_cgi.push_back(MsOfCgi(empty));
    own_start.push_back(MsToFirstReply(installation.program(), installation));
    empty_start.push_back(MsToFirstReply(EMPTY_LIBFCGI, installation));
  }
  PrintHead("Starting");
  PrintRow("one request as plain CGI", "an empty CGI program", Median(own_cgi) / Median(empty_cgi),
           "≤ 3", fmt::format("{:.1f} ms, {:.1f} ms", Median(own_cgi), Median(empty_cgi)));
  PrintRow("start to first reply", "an empty libfcgi program",
           Median(own_start) / Median(empty_start), "≤ 30 ms more",
           fmt::format("{:.1f} ms, {:.1f} ms", Median(own_start), Median(empty_start)));
}

void CompareReceiving(milliseconds duration, int rounds) {
  Comparison comparison(duration, rounds);
  comparison.Throughput();
  comparison.Latency();
  comparison.Memory();
}

void Compare(milliseconds duration, int rounds, std::string_view part) {
  const auto wanted = [&](std::string_view name) { return part.empty() || part == name; };
  if (wanted("receiving")) CompareReceiving(duration, rounds);
  if (wanted("delivering")) CompareDelivering(rounds);
  if (wanted("starting")) CompareStarting();
}

}  // namespace
}  // namespace relay::bench

int main(int argc, char** argv) try {
  const int seconds = argc > 1 ? std::atoi(argv[1]) : 4;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  relay::bench::Compare(std::chrono::seconds(seconds), rounds, argc > 3 ? argv[3] : "");
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
