// Is all well: doctor and metrics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "e2e/operator.h"

namespace relay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST_F(Operator, TheDoctorFindsNothingWhereAllIsWell) {
  PostSessions(2);
  Relay({"deliver", "--once"});
  const Finished done = Relay({"doctor"});
  EXPECT_EQ(done.code, kDone) << done.out;
  EXPECT_THAT(done.out, testing::Not(HasSubstr("error")));
  EXPECT_THAT(Doctor("sync_latency")["detail"], HasSubstr("ms in the median"));
}

TEST_F(Operator, TheDoctorFindsDamage) {
  PostSessions(2);
  Store().Run("UPDATE post SET body = x'00' WHERE id = 2");
  const json row = Doctor("integrity");
  EXPECT_EQ(row["status"], "error");
  EXPECT_THAT(row["detail"], HasSubstr("post 2"));
  EXPECT_EQ(row["exit"], kFailed);
}

TEST_F(Operator, ADestinationThatFailsAgainAndAgainIsShownEverywhere) {
  crm_says_ = 503;
  PostSessions(10);
  Relay({"deliver", "--once"});
  const auto actions = installation_.List({"action", "list"});
  EXPECT_EQ(actions[0]["state"], "failing");
  EXPECT_EQ(actions[0]["reason"], "HTTP 503");
  EXPECT_THAT(installation_.List({"queue", "list"})[0]["waits_for"],
              HasSubstr("its destination fails"));
  EXPECT_THAT(Doctor("failing")["detail"], HasSubstr("HTTP 503"));
  EXPECT_EQ(Doctor("stuck")["status"], "ok");
  EXPECT_THAT(Relay({"metrics"}).out, HasSubstr("rescue_relay_action_failing{action=\"crm\"} 1"));
}

TEST_F(Operator, TheDoctorFindsStoresThatWereSetAside) {
  PostSessions(1);
  std::ofstream(installation_.dir() / "relay.db.damaged-20260101T000000Z") << "x";
  const json row = Doctor("set_aside");
  EXPECT_EQ(row["status"], "error");
  EXPECT_THAT(row["detail"], HasSubstr("relay.db.damaged-20260101T000000Z"));
}

TEST_F(Operator, TheDoctorFindsWhatNobodyDelivers) {
  PostSessions(2);
  EXPECT_EQ(Doctor("stuck")["status"], "ok");
  Store().Run(
      "UPDATE delivery SET next_at = next_at - 660000, created_at = created_at - 7200000;"
      "UPDATE delivery SET state = 'claimed' WHERE id = 2");
  const json stuck = Doctor("stuck");
  EXPECT_EQ(stuck["status"], "error");
  EXPECT_THAT(stuck["detail"], HasSubstr("1 have been due for over 10 minutes"));
  EXPECT_THAT(stuck["detail"], HasSubstr("claims of 1 have lapsed"));
  EXPECT_THAT(Doctor("oldest_undelivered")["detail"], HasSubstr("2 h 0 min"));

  Relay({"action", "pause", "crm"});
  EXPECT_EQ(Doctor("stuck")["status"], "ok") << "what waits on purpose is not stuck";
  EXPECT_THAT(Doctor("paused")["detail"], HasSubstr("by an operator"));
}

TEST_F(Operator, TheDoctorCountsWhatWaitsForAnOperator) {
  PostSessions(1);
  ASSERT_EQ(Post("<broken"), 400);
  crm_says_ = 404;
  Relay({"deliver", "--once"});
  PostSessions(2);
  Store().Run("UPDATE delivery SET action = 'gone' WHERE state = 'due'");
  EXPECT_THAT(Doctor("dead")["detail"], HasSubstr("crm: 1"));
  EXPECT_THAT(Doctor("orphaned")["detail"], HasSubstr("gone"));
  EXPECT_THAT(Doctor("quarantine")["detail"], HasSubstr("1 posts"));
  EXPECT_EQ(Doctor("dead")["exit"], kDone) << "the store is well";
}

TEST_F(Operator, TheDoctorSaysWhenPostsWouldBeRefused) {
  PostSessions(1);
  std::string text = ReadFile(installation_.config());
  text.replace(text.find("1MiB"), 4, "900TiB");
  TempDir dir;
  const Finished done = Relay({"doctor", "-c", dir.Write("large.toml", text)});
  EXPECT_EQ(done.code, kFailed);
  EXPECT_THAT(done.out, HasSubstr("posts get 503"));
}

TEST_F(Operator, TheDoctorSaysWhenThereIsNoStoreOrNoneThatCanBeRead) {
  service_.Stop();
  TempDir dir;
  const std::string config = dir.Write(
      "other.toml", "[store]\nurl = \"sqlite:" + (dir.path() / "other.db").string() + "\"\n");
  EXPECT_EQ(Relay({"doctor", "-c", config}).code, kDone);
  dir.Write("other.db", std::string(8192, 'x'));
  const Finished done = Relay({"doctor", "-c", config, "--json"});
  EXPECT_EQ(done.code, kFailed);
  EXPECT_EQ(json::parse(done.out)["status"], "error");
}

// One sample of the text format: its name, its labels as they stand, its value.
struct Sample {
  std::string name;
  std::string labels;
  std::string value;
};

// Reads as strictly as promtool does; what is wrong fails the test.
std::vector<Sample> ParseMetrics(const std::string& text) {
  static const std::regex kComment("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
  static const std::regex kSample(
      R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*")re"
      R"re((?:,[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*")*\})? (-?\d+(?:\.\d+)?(?:e-?\d+)?))re");
  static const std::regex kOfHistogram("_(bucket|sum|count)$");
  std::vector<Sample> samples;
  std::map<std::string, std::string> typed;
  std::set<std::string> series;
  std::string current;
  EXPECT_TRUE(text.ends_with('\n'));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, kComment)) {
      current = match[2];
      if (match[1] == "TYPE") {
        EXPECT_TRUE(match[3] == "counter" || match[3] == "gauge" || match[3] == "histogram")
            << line;
        EXPECT_TRUE(typed.emplace(current, match[3]).second) << "typed twice: " << line;
        EXPECT_EQ(match[3] == "counter", current.ends_with("_total")) << line;
      }
    } else if (std::regex_match(line, match, kSample)) {
      const bool histogram = typed[current] == "histogram";
      EXPECT_EQ(histogram ? std::regex_replace(match[1].str(), kOfHistogram, "") : match[1].str(),
                current)
          << "not under its own heading";
      EXPECT_FALSE(typed[current].empty()) << line;
      EXPECT_TRUE(series.insert(match[1].str() + match[2].str()).second) << "twice: " << line;
      samples.push_back({match[1], match[2], match[3]});
    } else {
      ADD_FAILURE() << "neither comment nor sample: " << line;
    }
  }
  return samples;
}

TEST_F(Operator, TheMetricsAreWhatPrometheusReads) {
  PostSessions(3);
  ASSERT_EQ(Post("<broken"), 400);
  Relay({"queue", "hold", "1"});
  Relay({"action", "pause", "crm"});
  Store().Run(
      "UPDATE delivery SET created_at = created_at - 100000 WHERE id = 2;"
      "UPDATE delivery SET action = 'a\"b\\c' || char(10) || 'd' WHERE id = 3");
  std::map<std::string, std::string> values;
  for (const Sample& sample : ParseMetrics(Relay({"metrics"}).out)) {
    EXPECT_TRUE(sample.name.starts_with("rescue_relay_")) << sample.name;
    values[sample.name + sample.labels] = sample.value;
  }
  EXPECT_EQ(values["rescue_relay_posts_stored_total"], "3");
  EXPECT_EQ(values["rescue_relay_deliveries{action=\"crm\",state=\"held\"}"], "1");
  EXPECT_EQ(values["rescue_relay_deliveries{action=\"crm\",state=\"dead\"}"], "0");
  EXPECT_EQ(values[R"(rescue_relay_deliveries{action="a\"b\\c\nd",state="due"})"], "1");
  EXPECT_GE(std::stoi(values["rescue_relay_oldest_undelivered_seconds{action=\"crm\"}"]), 100);
  EXPECT_EQ(values["rescue_relay_quarantined_posts"], "1");
  EXPECT_EQ(values["rescue_relay_action_paused{action=\"crm\"}"], "1");
  EXPECT_FALSE(values["rescue_relay_store_free_bytes"].empty());
}

TEST_F(Operator, TheMetricsOfAnEmptyStoreAreThereToo) {
  EXPECT_FALSE(ParseMetrics(Relay({"metrics"}).out).empty());
}

}  // namespace
}  // namespace relay::test
