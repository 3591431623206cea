// What the order of sessions costs: the same deliveries to the same slow CRM, with order = "none"
// and with order = "session".
//
// The CRM takes 20 ms for a request and eight are with it at one time: at best 400 a second.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "config/load.h"
#include "deliver/deliverer.h"
#include "store/sqlite_store.h"
#include "support/http_sink.h"
#include "support/temp_dir.h"

namespace relay::test {
namespace {

constexpr int kSessions = 200;
constexpr int kPosts = 5;
constexpr int kConcurrency = 8;
constexpr std::chrono::milliseconds kLatency(20);
constexpr double kIdeal = kConcurrency / std::chrono::duration<double>(kLatency).count();

Config Configured(const TempDir& dir, const HttpSink& sink, const std::string& order) {
  const auto file = dir.Write(
      "relay.toml", fmt::format("[delivery]\nworkers = {}\n[action.crm]\ntype = \"http\"\n"
                                "url = \"{}/{{{{ .Tracking0 }}}}\"\n"
                                "json = {{ text = \"{{{{ .SessionID }}}}\" }}\n"
                                "order = \"{}\"\nconcurrency = {}\n",
                                kConcurrency, sink.Url(""), order, kConcurrency));
  auto loaded = LoadConfig(file.string(), ProcessEnvironment());
  if (!loaded.config) throw std::runtime_error(loaded.problems.front());
  return std::move(*loaded.config);
}

std::unique_ptr<Store> Open(const TempDir& dir) {
  auto store = SqliteStore::Open(dir.path() / "relay.db", sql::OpenMode::ReadWrite);
  if (!store) throw std::runtime_error(store.error().message);
  return std::move(*store);
}

NewPost PostOf(int session, int number, const ActionConfig& action) {
  NewPost post;
  post.raw.content_type = "application/x-www-form-urlencoded";
  post.raw.body = fmt::format("SessionID={0}&Tracking0={0}-{1}", session, number);
  post.raw.received_at = SystemClock().Now();
  post.session_id = std::to_string(session);
  post.plan = [&action](PostId, const SessionState& before, const ReadTranscript&) {
    return Result<Plan>(Plan{before, {}, {{action.name, action.order, action.on_dead, ""}}});
  };
  return post;
}

void Fill(const TempDir& dir, const ActionConfig& action) {
  std::vector<NewPost> posts;
  for (int number = 1; number <= kPosts; ++number) {
    for (int session = 1; session <= kSessions; ++session) {
      posts.push_back(PostOf(session, number, action));
    }
  }
  for (const auto& accepted : Open(dir)->Accept(posts)) {
    if (!accepted) throw std::runtime_error(accepted.error().message);
  }
}

// Deliveries a second.
double Throughput(const std::string& order) {
  const TempDir dir;
  HttpSink sink([](const SinkRequest&) {
    std::this_thread::sleep_for(kLatency);
    return Answer{};
  });
  const auto config = std::make_shared<const Config>(Configured(dir, sink, order));
  Fill(dir, config->actions.front());
  const SystemClock clock;
  const Log log;
  Measurements measurements;
  Deliverer deliverer(config, Open(dir), clock, log, measurements);
  const auto begin = std::chrono::steady_clock::now();
  deliverer.RunOnce();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const auto delivered = sink.requests().size();
  if (delivered != kSessions * kPosts) {
    throw std::runtime_error(
        fmt::format("{} deliveries instead of {}", delivered, kSessions * kPosts));
  }
  return static_cast<double>(delivered) / took.count();
}

// The best of three runs each, by turns: other load disturbs, it never helps.
void Run() {
  double none = 0;
  double session = 0;
  for (int i = 0; i < 3; ++i) {
    none = std::max(none, Throughput("none"));
    session = std::max(session, Throughput("session"));
  }
  fmt::print("the CRM can take:    {:4.0f} deliveries/s\n", kIdeal);
  fmt::print("order = \"none\":      {:4.0f} deliveries/s, {:.0f} %\n", none, 100 * none / kIdeal);
  fmt::print("order = \"session\":   {:4.0f} deliveries/s, {:.0f} %\n", session,
             100 * session / kIdeal);
  fmt::print("session : none       {:.2f}\n", session / none);
}

}  // namespace
}  // namespace relay::test

int main() try { relay::test::Run(); } catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
