// The commands of rescue-relay, run as an operator runs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "e2e/deployment.h"
#include "support/fcgi_client.h"
#include "support/http_sink.h"
#include "support/sqlite_file.h"

namespace relay::test {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 64;
constexpr int kConfig = 78;

// A receiver that only stores, and a CRM; `deliver --once` brings one to the other.
class Operator : public testing::Test {
 protected:
  static std::string Config(int port) {
    return "[delivery]\nrun_in = \"service\"\n" + CrmAction(port);
  }

  int Post(const std::string& body) const {
    FcgiClient client(service_.socket());
    client.Send(FcgiRequest(FcgiPostParams(body), body));
    const auto reply = client.ReadReply();
    return reply ? reply->status() : 0;
  }

  void PostSessions(int count) const {
    for (int i = 1; i <= count; ++i) {
      ASSERT_EQ(Post("SessionID=" + std::to_string(i) + "&Tracking0=CASE-1"), 200);
    }
  }

  Finished Relay(const std::vector<std::string>& arguments) const {
    return installation_.Relay(arguments);
  }

  Finished RelayWithInput(const std::vector<std::string>& arguments,
                          const std::string& input) const {
    std::vector<std::string> argv{installation_.dir() / "rescue-relay"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    ProcessOptions options = installation_.Command(argv);
    options.stdin_text = input;
    return RunToEnd(options);
  }

  std::vector<std::string> States() const {
    std::vector<std::string> states;
    for (const json& row : installation_.List({"queue", "list"})) states.push_back(row["state"]);
    return states;
  }

  json Doctor(const std::string& check) const {
    const Finished done = Relay({"doctor", "--json"});
    std::istringstream lines(done.out);
    for (std::string line; std::getline(lines, line);) {
      json row = json::parse(line);
      row["exit"] = done.code;
      if (row["check"] == check) return row;
    }
    return {};
  }

  SqliteFile Store() const { return SqliteFile(installation_.dir() / "relay.db"); }

  std::atomic<int> crm_says_ = 200;
  HttpSink sink_{[this](const SinkRequest&) { return Answer{.status = crm_says_}; }};
  const Installation installation_{Config(sink_.port())};
  Service service_{installation_};
};

// -- Every command, one by one.

struct Command {
  std::vector<std::string> words;
  std::vector<std::string> arguments;
  int exit = kDone;
  std::size_t rows = 0;  // how many JSON values it prints at least
};

// In an order in which they can be run one after the other.
std::vector<Command> Commands(const std::string& url) {
  return {
      {{"check"}, {}},
      {{"send"}, {url}, kDone, 4},
      {{"post", "list"}, {}, kDone, 2},
      {{"post", "show"}, {"1"}, kDone, 1},
      {{"post", "replay"}, {"1"}, kDone, 1},
      {{"session", "list"}, {}, kDone, 1},
      {{"session", "show"}, {"1"}, kDone, 1},
      {{"session", "rebuild"}, {"1"}, kDone, 1},
      {{"queue", "list"}, {}, kDone, 2},
      {{"queue", "show"}, {"1"}, kDone, 1},
      {{"queue", "retry"}, {"1"}, kDone, 1},
      {{"queue", "hold"}, {"1"}, kDone, 1},
      {{"queue", "release"}, {"1"}, kDone, 1},
      {{"queue", "drop"}, {"1"}, kDone, 1},
      {{"action", "list"}, {}, kDone, 1},
      {{"action", "pause"}, {"crm"}},
      {{"action", "resume"}, {"crm"}},
      {{"action", "try"}, {"crm"}, kDone, 1},
      {{"quarantine", "list"}, {}, kDone, 1},
      {{"quarantine", "show"}, {"1"}, kDone, 1},
      {{"quarantine", "retry"}, {"1"}, kFailed, 1},  // it says why it stays
      {{"quarantine", "drop"}, {"1"}, kDone, 1},
      {{"deliver"}, {"--once"}},
      {{"prune"}, {"--dry-run"}, kDone, 1},
      {{"metrics"}, {}, kDone, 10},
      {{"doctor"}, {}, kDone, 12},
  };
}

std::vector<std::string> Joined(const Command& command, const std::vector<std::string>& more) {
  std::vector<std::string> all = command.words;
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::string NameOf(const Command& command) {
  std::string name;
  for (const std::string& word : command.words) name += (name.empty() ? "" : " ") + word;
  return name;
}

TEST_F(Operator, EveryCommandExplainsItself) {
  for (const Command& command : Commands("")) {
    const Finished help = Relay(Joined(command, {"--help"}));
    EXPECT_EQ(help.code, kDone) << NameOf(command);
    EXPECT_THAT(help.out, HasSubstr(NameOf(command))) << "it does not say what it explains";
    EXPECT_THAT(help.out, HasSubstr("--json")) << NameOf(command);
    EXPECT_EQ(help.err, "") << NameOf(command);
  }
}

TEST_F(Operator, TheHelpNamesEveryCommand) {
  for (const Command& command : Commands("")) {
    std::vector<std::string> parent(command.words.begin(), command.words.end() - 1);
    parent.emplace_back("--help");
    EXPECT_THAT(Relay(parent).out, HasSubstr("\n  " + command.words.back() + " "));
  }
}

TEST_F(Operator, EveryCommandRefusesWhatItDoesNotKnow) {
  for (const Command& command : Commands("http://127.0.0.1:1/")) {
    std::vector<std::string> arguments = command.arguments;
    arguments.emplace_back("--no-such-option");
    const Finished refused = Relay(Joined(command, arguments));
    EXPECT_EQ(refused.code, kUsage) << NameOf(command);
    EXPECT_THAT(refused.err, HasSubstr("--no-such-option")) << NameOf(command);
    EXPECT_EQ(refused.out, "") << NameOf(command);
  }
  EXPECT_EQ(Relay({}).code, kUsage);
  EXPECT_EQ(Relay({"quue"}).code, kUsage);
  EXPECT_EQ(Relay({"queue"}).code, kUsage);
}

TEST_F(Operator, EveryCommandThatReadsAConfigurationSaysWhatIsWrongWithIt) {
  TempDir dir;
  const std::string file = dir.Write("wrong.toml", "[store]\nulr = \"sqlite:x\"\n");
  for (const Command& command : Commands("")) {
    if (NameOf(command) == "send") continue;  // it knows the URL and needs nothing else
    std::vector<std::string> arguments = command.arguments;
    arguments.insert(arguments.end(), {"-c", file});
    const Finished failed = Relay(Joined(command, arguments));
    EXPECT_EQ(failed.code, kConfig) << NameOf(command);
    EXPECT_THAT(failed.err, HasSubstr("wrong.toml:2")) << NameOf(command);
  }
}

TEST_F(Operator, EveryCommandPrintsOneJsonObjectALine) {
  PostSessions(2);
  ASSERT_EQ(Post("<broken"), 400);
  for (const Command& command : Commands(sink_.Url("/script.fcgi"))) {
    std::vector<std::string> arguments = command.arguments;
    arguments.emplace_back("--json");
    const Finished done = Relay(Joined(command, arguments));
    EXPECT_EQ(done.code, command.exit) << NameOf(command) << ": " << done.err;
    std::size_t rows = 0;
    std::istringstream lines(done.out);
    for (std::string line; std::getline(lines, line); ++rows) {
      EXPECT_TRUE(json::accept(line) && json::parse(line).is_object()) << line;
    }
    EXPECT_GE(rows, command.rows) << NameOf(command);
  }
}

// -- Read-only commands.

const std::vector<std::vector<std::string>> kReaders{
    {"check"},
    {"post", "list"},
    {"post", "show", "1"},
    {"session", "list"},
    {"session", "show", "1"},
    {"queue", "list"},
    {"queue", "show", "1"},
    {"action", "list"},
    {"action", "try", "crm", "--post", "1"},
    {"quarantine", "list"},
    {"quarantine", "show", "1"},
    {"prune", "--dry-run"},
    {"metrics"},
    {"doctor"},
    {"queue", "drop", "ALL"},
};

TEST_F(Operator, LookingChangesNothingAndWaitsForNobody) {
  PostSessions(3);
  ASSERT_EQ(Post("<broken"), 400);
  const SqliteFile writer = Store();
  writer.Run("BEGIN IMMEDIATE; UPDATE delivery SET last_error = 'not committed'");
  const std::string before = ReadFile(installation_.dir() / "relay.db");
  for (const auto& reader : kReaders) {
    const Finished done = Relay(reader);
    EXPECT_EQ(done.code, reader.back() == "ALL" ? kUsage : kDone) << reader[0] << done.err;
    EXPECT_THAT(done.out, testing::Not(HasSubstr("not committed")));
  }
  EXPECT_EQ(ReadFile(installation_.dir() / "relay.db"), before);
  writer.Run("ROLLBACK");
}

TEST_F(Operator, LookingWhileNothingElseRunsChangesNothing) {
  PostSessions(3);
  ASSERT_EQ(Post("<broken"), 400);
  service_.Stop();
  const std::string before = ReadFile(installation_.dir() / "relay.db");
  for (const auto& reader : kReaders) Relay(reader);
  EXPECT_EQ(ReadFile(installation_.dir() / "relay.db"), before);
}

// -- queue

TEST_F(Operator, HoldsAndReleasesByIds) {
  PostSessions(2);
  EXPECT_EQ(Relay({"queue", "hold", "1"}).code, kDone);
  EXPECT_THAT(States(), ElementsAre("due", "held"));
  EXPECT_EQ(Relay({"deliver", "--once"}).code, kDone);
  EXPECT_THAT(States(), ElementsAre("done", "held"));
  EXPECT_THAT(Relay({"queue", "retry", "1"}).code, kFailed) << "release lets held ones go";
  EXPECT_EQ(Relay({"queue", "release", "1"}).code, kDone);
  EXPECT_EQ(Relay({"deliver", "--once"}).code, kDone);
  EXPECT_THAT(States(), ElementsAre("done", "done"));
}

TEST_F(Operator, WhatIsDoneIsNeverRetried) {
  PostSessions(1);
  Relay({"deliver", "--once"});
  EXPECT_EQ(Relay({"queue", "retry", "1"}).code, kFailed);
  EXPECT_EQ(Relay({"queue", "retry", "ALL", "--yes"}).code, kDone);
  Relay({"deliver", "--once"});
  EXPECT_THAT(sink_.requests(), SizeIs(1));
}

TEST_F(Operator, ChangesToAllOfSomethingWantAYes) {
  PostSessions(3);
  struct Row {
    const char* command;
    const char* would;
    const char* did;
    const char* state;
  };
  for (const Row& row :
       {Row{"hold", "this would hold 3 deliveries; add --yes", "3 deliveries are held", "held"},
        Row{"release", "this would release 3 deliveries; add --yes", "3 deliveries go on", "due"},
        Row{"retry", "this would try again 3 deliveries; add --yes", "3 deliveries are due", "due"},
        Row{"drop", "this would drop for ever 3 deliveries; add --yes", "3 deliveries were dropped",
            ""}}) {
    const auto before = States();
    const Finished asked = Relay({"queue", row.command, "--action", "crm"});
    EXPECT_EQ(asked.code, kUsage);
    EXPECT_THAT(asked.err, HasSubstr(row.would));
    EXPECT_EQ(States(), before) << row.command << " did it without a yes";
    const Finished done = Relay({"queue", row.command, "--action", "crm", "--yes"});
    EXPECT_EQ(done.code, kDone);
    EXPECT_THAT(done.err, HasSubstr(row.did));
    EXPECT_THAT(States(), testing::Each(row.state));
  }
  EXPECT_THAT(States(), IsEmpty());
}

TEST_F(Operator, SelectsBySessionAndState) {
  PostSessions(3);
  EXPECT_EQ(Relay({"queue", "hold", "--session", "2", "--yes"}).code, kDone);
  EXPECT_THAT(States(), ElementsAre("due", "held", "due"));
  EXPECT_EQ(Relay({"queue", "drop", "--state", "held", "--yes"}).code, kDone);
  EXPECT_THAT(States(), ElementsAre("due", "due"));
  EXPECT_EQ(Relay({"queue", "drop", "--state", "hold", "--yes"}).code, kUsage);
  EXPECT_EQ(Relay({"queue", "hold", "--yes"}).code, kUsage) << "nothing was selected";
  EXPECT_THAT(installation_.List({"queue", "list", "--session", "3"}), SizeIs(1));
}

TEST_F(Operator, TakesThousandsOfIdsFromStandardInput) {
  PostSessions(2);
  std::string ids;
  for (int id = 1; id <= 5000; ++id) ids += std::to_string(id) + "\n";
  const Finished held = RelayWithInput({"queue", "hold", "-"}, ids + "1 2\n");
  EXPECT_EQ(held.code, kFailed);
  EXPECT_THAT(held.err, HasSubstr("2 deliveries are held"));
  EXPECT_THAT(held.err, HasSubstr("4998 of these are not due, or do not exist"));
  const Finished shown = RelayWithInput({"queue", "show", "-", "--json"}, ids);
  EXPECT_EQ(shown.code, kDone) << shown.err;
  EXPECT_EQ(std::count(shown.out.begin(), shown.out.end(), '\n'), 2);
  EXPECT_EQ(RelayWithInput({"queue", "hold", "-"}, "1\nx\n").code, kUsage);
}

TEST_F(Operator, TheQueueSaysWhyAndWhen) {
  PostSessions(1);
  crm_says_ = 503;
  Relay({"deliver", "--once"});
  const auto rows = installation_.List({"queue", "list"});
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_THAT(rows[0]["last_error"], HasSubstr("503"));
  EXPECT_TRUE(rows[0]["next_try"].is_string());
  const std::string table = Relay({"queue", "list"}).out;
  EXPECT_THAT(table, HasSubstr("503"));
  EXPECT_THAT(table, HasSubstr(rows[0]["next_try"]));
}

// -- session

TEST_F(Operator, ShowsASessionWithAllThatBelongsToIt) {
  ASSERT_EQ(Post("SessionID=7&Tracking0=CASE-1&TechName=Ada&ChatLog=9%3A00+AM+Ada%3A+Hello"), 200);
  ASSERT_EQ(Post("SessionID=7&Tracking0=CASE-1&TechName=Bob&ChatLog=9%3A05+AM+Bob%3A+Bye"
                 "&ClosingTime=2026-03-02+10%3A32%3A40"),
            200);
  crm_says_ = 404;
  Relay({"deliver", "--once"});
  const auto rows = installation_.List({"session", "show", "7"});

  ASSERT_THAT(rows, SizeIs(1));
  const json& session = rows[0];
  EXPECT_EQ(session["session_id"], "7");
  EXPECT_EQ(session["tracking0"], "CASE-1");
  EXPECT_EQ(session["transcript"], "9:00 AM Ada: Hello\n9:05 AM Bob: Bye");
  ASSERT_THAT(session["chat"], SizeIs(2));
  EXPECT_EQ(session["chat"][0]["time"], "9:00 AM");
  EXPECT_EQ(session["technicians"], json({"Ada", "Bob"}));
  EXPECT_EQ(session["closed"], true);
  ASSERT_THAT(session["posts"], SizeIs(2));
  EXPECT_EQ(session["posts"][0]["post_id"], "1");
  EXPECT_EQ(session["posts"][0]["event"], "started");
  EXPECT_TRUE(session["posts"][0]["received_at"].is_string());
  EXPECT_EQ(session["posts"][1]["event"], "closed");
  ASSERT_THAT(session["deliveries"], SizeIs(2));
  const json& delivery = session["deliveries"][0];
  EXPECT_EQ(delivery["delivery_id"], "1");
  EXPECT_EQ(delivery["action"], "crm");
  EXPECT_EQ(delivery["state"], "dead");
  EXPECT_EQ(delivery["attempts"], 1);
  EXPECT_THAT(delivery["last_error"], HasSubstr("404"));
}

TEST_F(Operator, ListsSessionsByTheirNewestPost) {
  PostSessions(3);
  ASSERT_EQ(Post("SessionID=1&Tracking0=CASE-9"), 200);
  const auto rows = installation_.List({"session", "list", "--limit", "2"});

  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0]["session_id"], "1");
  EXPECT_EQ(rows[0]["tracking0"], "CASE-9");
  EXPECT_EQ(rows[0]["posts"], 2);
  EXPECT_EQ(rows[0]["undelivered"], 2);
  EXPECT_EQ(rows[0]["dead"], 0);
  EXPECT_EQ(rows[1]["session_id"], "3");
  EXPECT_EQ(Relay({"session", "show", "99"}).code, kFailed);
}

TEST_F(Operator, AStoreOfANewerProgramIsNeverReceivedInto) {
  ASSERT_EQ(Post("SessionID=1&Tracking0=A"), 200);
  service_.Stop();
  Store().Run("PRAGMA user_version = 99");
  service_.Start();
  const auto status = service_.process().Wait(std::chrono::seconds(20));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, kFailed);
  EXPECT_THAT(service_.log(), HasSubstr("newer rescue-relay"));
}

// -- quarantine

TEST_F(Operator, WhatCanBeReadAfterAnUpgradeBecomesAPost) {
  ASSERT_EQ(Post("<broken"), 400);
  ASSERT_EQ(Post("TechName=Ada"), 422);
  const Finished stays = Relay({"quarantine", "retry", "1", "2", "--json"});
  EXPECT_EQ(stays.code, kFailed);
  EXPECT_THAT(stays.out, HasSubstr("XML"));
  EXPECT_THAT(stays.out, HasSubstr("no SessionID"));
  const auto listed = installation_.List({"quarantine", "list"});
  ASSERT_THAT(listed, SizeIs(2));

  // What a better decoder would be able to do, done to the bytes.
  Store().Run("UPDATE quarantine SET body = CAST('SessionID=7&Tracking0=C' AS BLOB) WHERE id = 1");
  const Finished retried = Relay({"quarantine", "retry", "1", "--json"});
  EXPECT_EQ(retried.code, kDone) << retried.err;
  const json row = json::parse(retried.out);
  EXPECT_EQ(row["post_id"], "1");
  EXPECT_EQ(row["deliveries"], 1);
  EXPECT_THAT(installation_.List({"quarantine", "list"}), SizeIs(1));
  const auto posts = installation_.List({"post", "list"});
  ASSERT_THAT(posts, SizeIs(1));
  EXPECT_EQ(posts[0]["received_at"], listed[1]["received_at"]);
  Relay({"deliver", "--once"});
  EXPECT_THAT(sink_.requests(), SizeIs(1));
}

TEST_F(Operator, DropsFromQuarantineByIdsOrAllWithAYes) {
  ASSERT_EQ(Post("<one"), 400);
  ASSERT_EQ(Post("<two"), 400);
  ASSERT_EQ(Post("<three"), 400);
  EXPECT_EQ(Relay({"quarantine", "drop"}).code, kUsage);
  EXPECT_EQ(Relay({"quarantine", "drop", "1"}).code, kDone);
  EXPECT_EQ(Relay({"quarantine", "drop", "1"}).code, kFailed);
  const Finished asked = Relay({"quarantine", "drop", "ALL"});
  EXPECT_EQ(asked.code, kUsage);
  EXPECT_THAT(asked.err, HasSubstr("2 quarantined posts"));
  EXPECT_THAT(installation_.List({"quarantine", "list"}), SizeIs(2));
  EXPECT_EQ(Relay({"quarantine", "drop", "ALL", "--yes"}).code, kDone);
  EXPECT_THAT(installation_.List({"quarantine", "list"}), IsEmpty());
}

// -- prune

TEST_F(Operator, PrunesWhatIsOldAndDone) {
  PostSessions(3);
  ASSERT_EQ(Post("<broken"), 400);
  Relay({"queue", "hold", "1"});
  Relay({"deliver", "--once"});
  EXPECT_EQ(json::parse(Relay({"prune", "--json"}).out)["sessions"], 0) << "it is not old";

  Store().Run(
      "UPDATE session SET last_post_at = last_post_at - 91 * 86400000;"
      "UPDATE quarantine SET received_at = received_at - 91 * 86400000");
  const json would = json::parse(Relay({"prune", "--dry-run", "--json"}).out);
  EXPECT_EQ(would["sessions"], 2);
  EXPECT_THAT(installation_.List({"session", "list"}), SizeIs(3)) << "a dry run removed something";
  const json did = json::parse(Relay({"prune", "--json"}).out);
  EXPECT_EQ(did["sessions"], 2);
  EXPECT_EQ(did["posts"], 2);
  EXPECT_EQ(did["quarantined"], 1);
  const auto left = installation_.List({"session", "list"});
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0]["session_id"], "1");
}

TEST_F(Operator, HowLongIsOldStandsInTheConfiguration) {
  PostSessions(1);
  Relay({"deliver", "--once"});
  std::string text = ReadFile(installation_.config());
  text.replace(text.find("min_free"), 0, "keep_done = \"1ms\"\n");
  TempDir dir;
  const std::string file = dir.Write("impatient.toml", text);
  EXPECT_EQ(json::parse(Relay({"prune", "--json", "-c", file}).out)["sessions"], 1);
}

// -- doctor

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

// -- metrics

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
      R"re((?:,[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*")*\})? (-?\d+))re");
  std::vector<Sample> samples;
  std::set<std::string> typed;
  std::set<std::string> series;
  std::string current;
  EXPECT_TRUE(text.ends_with('\n'));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, kComment)) {
      current = match[2];
      if (match[1] == "TYPE") {
        EXPECT_TRUE(match[3] == "counter" || match[3] == "gauge") << line;
        EXPECT_TRUE(typed.insert(current).second) << "typed twice: " << line;
        EXPECT_EQ(match[3] == "counter", current.ends_with("_total")) << line;
      }
    } else if (std::regex_match(line, match, kSample)) {
      EXPECT_EQ(match[1], current) << "not under its own heading";
      EXPECT_EQ(typed.count(match[1]), 1u) << line;
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
