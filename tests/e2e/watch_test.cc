// What others see of the work: the log, traces, the metrics file, alerts and notifications.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include "e2e/operator.h"
#include "support/deadline.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::seconds;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::SizeIs;

constexpr const char* kTrace = "0af7651916cd43dd8448eb211c80319c";

class Watch : public Operator {
 protected:
  void PostTraced(const std::string& body) const {
    FcgiParams params = FcgiPostParams(body);
    params.emplace_back("HTTP_TRACEPARENT", std::string("00-") + kTrace + "-b7ad6b7169203331-01");
    FcgiClient client(service_.socket());
    client.Send(FcgiRequest(params, body));
    ASSERT_EQ(client.ReadReply().value_or(FcgiReply{}).status(), 200);
  }
  std::string TraceparentOf(std::size_t request) const {
    return sink_.requests().at(request).headers.Find("traceparent").value_or("none");
  }
  // With more than the action "crm".
  void Configure(const std::string& more) const {
    installation_.Configure(Config(sink_.port()) + more);
  }
  std::string Dir() const { return installation_.dir(); }

  // The names of samples that `metrics` can print, whether or not there are any now.
  std::set<std::string> MetricNames() const {
    std::set<std::string> names;
    std::istringstream lines(Relay({"metrics"}).out);
    static const std::regex kType("# TYPE (\\S+) (\\S+)");
    for (std::string line; std::getline(lines, line);) {
      std::smatch match;
      if (!std::regex_match(line, match, kType)) continue;
      if (match[2] != "histogram") {
        names.insert(match[1]);
        continue;
      }
      for (const char* suffix : {"_bucket", "_sum", "_count"})
        names.insert(match[1].str() + suffix);
    }
    return names;
  }
};

TEST_F(Watch, ATraceGoesFromTheRequestToEveryAttempt) {
  crm_says_ = 503;
  PostTraced("SessionID=1&Tracking0=CASE-1");
  const Finished first = Relay({"deliver", "--once"});
  crm_says_ = 200;
  Relay({"queue", "retry", "1"});
  const Finished second = Relay({"deliver", "--once"});

  ASSERT_THAT(sink_.requests(), SizeIs(2));
  const std::string pattern = std::string("00-") + kTrace + "-[0-9a-f]{16}-01";
  EXPECT_THAT(TraceparentOf(0), MatchesRegex(pattern));
  EXPECT_THAT(TraceparentOf(1), MatchesRegex(pattern));
  EXPECT_NE(TraceparentOf(0), TraceparentOf(1)) << "each attempt is a span of its own";
  const std::string trace = std::string(" trace_id=") + kTrace;
  EXPECT_THAT(service_.log(), ContainsRegex("msg=\"post stored\" post_id=1 .*" + trace));
  EXPECT_THAT(first.err, ContainsRegex("level=warning msg=\"delivery failed\" delivery_id=1 "
                                       "post_id=1 action=crm attempt=1 error=\"HTTP 503\" "
                                       "next_try=[^ ]+" +
                                       trace));
  EXPECT_THAT(second.err, ContainsRegex("level=info msg=\"delivery done\" delivery_id=1 post_id=1 "
                                        "action=crm attempt=2" +
                                        trace));
}

TEST_F(Watch, APostWithoutATraceGetsOne) {
  PostSessions(2);
  Relay({"deliver", "--once"});
  ASSERT_THAT(sink_.requests(), SizeIs(2));
  EXPECT_THAT(TraceparentOf(0), MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
  EXPECT_NE(TraceparentOf(0).substr(3, 32), TraceparentOf(1).substr(3, 32));
  EXPECT_THAT(service_.log(), HasSubstr("trace_id=" + TraceparentOf(0).substr(3, 32)));
}

TEST_F(Watch, WhatWasQuarantinedKeepsItsTrace) {
  const std::string body = "Tracking0=CASE-1";
  FcgiParams params = FcgiPostParams(body);
  params.emplace_back("HTTP_TRACEPARENT", std::string("00-") + kTrace + "-b7ad6b7169203331-01");
  FcgiClient client(service_.socket());
  client.Send(FcgiRequest(params, body));
  ASSERT_EQ(client.ReadReply().value_or(FcgiReply{}).status(), 422);
  Store().Run("UPDATE quarantine SET body = CAST('SessionID=7&Tracking0=CASE-1' AS BLOB)");
  ASSERT_EQ(Relay({"quarantine", "retry", "1"}).code, kDone);
  Relay({"deliver", "--once"});
  ASSERT_THAT(sink_.requests(), SizeIs(1));
  EXPECT_THAT(TraceparentOf(0), HasSubstr(kTrace));
}

TEST_F(Watch, ADeadDeliverySaysWhatToDoAndNothingThatWasPosted) {
  crm_says_ = 404;
  PostSessions(1);
  const Finished done = Relay({"deliver", "--once"});
  EXPECT_THAT(done.err,
              AllOf(HasSubstr("level=error msg=\"delivery is dead\" delivery_id=1"),
                    HasSubstr("hint=\"rescue-relay queue retry 1\""), Not(HasSubstr("CASE-1"))));
  EXPECT_THAT(service_.log(), Not(HasSubstr("CASE-1")));
}

TEST_F(Watch, NothingIsSaidOfWhatGoesWellWhereNobodyWantsToHear) {
  PostSessions(1);  // it is up now, and takes signals
  Configure("[watch]\nlog_posts = false\n");
  service_.process().Signal(SIGHUP);
  ASSERT_TRUE(Deadline(seconds(30)).Until([&] {
    return service_.log().find("was loaded again") != std::string::npos;
  }));
  ASSERT_EQ(Post("SessionID=2&Tracking0=CASE-1"), 200);
  const Finished done = Relay({"deliver", "--once"});
  EXPECT_THAT(sink_.requests(), SizeIs(2));
  EXPECT_THAT(service_.log(), HasSubstr("post_id=1"));
  EXPECT_THAT(service_.log(), Not(HasSubstr("post_id=2")));
  EXPECT_THAT(done.err, Not(HasSubstr("delivery_id=")));
}

TEST_F(Watch, PrometheusReadsWhatMetricsPrints) {
  PostSessions(2);
  crm_says_ = 404;
  Relay({"deliver", "--once"});
  ProcessOptions promtool{.argv = {"promtool", "check", "metrics"}};
  promtool.stdin_text = Relay({"metrics"}).out;
  ASSERT_THAT(promtool.stdin_text, HasSubstr("rescue_relay_attempts_total{"));
  const Finished checked = RunToEnd(promtool);
  EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
}

TEST_F(Watch, MetricsHaveWhatEveryProcessMeasured) {
  PostSessions(3);
  crm_says_ = 503;
  Relay({"deliver", "--once"});
  crm_says_ = 200;
  Relay({"queue", "retry", "ALL", "--yes"});
  Relay({"deliver", "--once"});
  service_.Stop();
  const std::string text = Relay({"metrics"}).out;
  for (const char* line : {
           "rescue_relay_requests_total{status=\"200\"} 3\n",
           "rescue_relay_accept_seconds_count 3\n",
           "rescue_relay_attempts_total{action=\"crm\",outcome=\"done\"} 3\n",
           "rescue_relay_attempts_total{action=\"crm\",outcome=\"failed\"} 3\n",
           "rescue_relay_attempt_seconds_count{action=\"crm\"} 6\n",
           "rescue_relay_delivery_seconds_count{action=\"crm\"} 3\n",
           "rescue_relay_delivery_seconds_bucket{action=\"crm\",le=\"+Inf\"} 3\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST_F(Watch, EveryMetricOfTheAlertsAndTheDashboardIsThere) {
  const auto known = MetricNames();
  const fs::path folder = RELAY_SOURCE_DIR "/deploy/monitoring";
  const json dashboard = json::parse(ReadFile(folder / "grafana-dashboard.json"));
  std::string queries = ReadFile(folder / "rescue-relay.rules.yml");
  for (const json& panel : dashboard["panels"]) {
    ASSERT_FALSE(panel["targets"].empty()) << panel["title"];
    for (const json& target : panel["targets"]) queries += target["expr"].get<std::string>() + "\n";
  }
  queries += dashboard["templating"].dump();
  static const std::regex kName("rescue_relay_[a-z0-9_]+");
  std::set<std::string> used;
  for (std::sregex_iterator name(queries.begin(), queries.end(), kName), end; name != end; ++name) {
    used.insert(name->str());
    EXPECT_TRUE(known.contains(name->str())) << name->str();
  }
  EXPECT_GT(used.size(), 10U);
}

TEST_F(Watch, TheReceiverWritesTheMetricsFileForOthersToRead) {
  PostSessions(1);
  Configure("[watch]\nmetrics_file = \"" + Dir() + "/rescue-relay.prom\"\n");
  service_.Stop();
  service_.Start();
  const fs::path file = installation_.dir() / "rescue-relay.prom";
  ASSERT_TRUE(Deadline(seconds(30)).Until([&] { return fs::exists(file); })) << service_.log();
  EXPECT_EQ(fs::status(file).permissions(), fs::perms(0644));
  const std::string text = ReadFile(file);
  EXPECT_THAT(text, HasSubstr("rescue_relay_deliveries{action=\"crm\",state=\"due\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("rescue_relay_requests_total{status=\"200\"} 1\n"));
}

TEST_F(Watch, OperatorsAreNotifiedByAnActionThatGetsNoPosts) {
  Configure("[action.tell]\ntype = \"exec\"\nargv = [\"/bin/sh\", \"-c\", \"cat >> " + Dir() +
            "/told\"]\n[notify]\naction = \"tell\"\n");
  service_.Stop();
  service_.Start();
  crm_says_ = 404;
  PostSessions(2);
  Relay({"deliver", "--once"});
  Relay({"deliver", "--once"});
  std::istringstream lines(ReadFile(installation_.dir() / "told"));
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  const json told = json::parse(line);
  EXPECT_EQ(told["event"], "alert");
  EXPECT_EQ(told["alert"], "dead");
  EXPECT_EQ(told["action"], "crm");
  EXPECT_FALSE(std::getline(lines, line)) << "once in an hour, whichever process looks";
  for (const json& row : installation_.List({"queue", "list"})) EXPECT_EQ(row["action"], "crm");
}

TEST_F(Watch, CheckTriesTheNotifyingActionWithAnAlertAndDumpsTheKeys) {
  PostSessions(1);  // the store is there now
  const std::string action =
      "[action.tell]\ntype = \"file\"\npath = \"" + Dir() + "/{{ .alert }}\"\n";
  Configure(action +
            "[watch]\nmetrics_file = \"/srv/relay.prom\"\n[notify]\naction = \"tell\"\n"
            "backlog = \"30m\"\n");
  const Finished good = Relay({"check", "--dump"});
  EXPECT_EQ(good.code, kDone) << good.err;
  EXPECT_THAT(good.err, HasSubstr("tell notifies and gets no posts"));
  EXPECT_THAT(good.out,
              HasSubstr("[watch]\nlog_posts = true\nmetrics_file = \"/srv/relay.prom\"\n"));
  EXPECT_THAT(good.out,
              HasSubstr("[notify]\naction = \"tell\"\nevery = \"1h\"\nbacklog = \"30m\"\n"));
  EXPECT_THAT(Relay({"action", "try", "tell"}).out,
              AllOf(HasSubstr(Dir() + "/dead"), HasSubstr("deliveries of action crm are dead")));

  Configure("[action.tell]\ntype = \"file\"\npath = \"" + Dir() +
            "/{{ .SessionID }}\"\n[notify]\naction = \"tell\"\n");
  const Finished bad = Relay({"check"});
  EXPECT_EQ(bad.code, kConfig);
  EXPECT_THAT(bad.err, HasSubstr("with a made-up alert"));
}

}  // namespace
}  // namespace relay::test
