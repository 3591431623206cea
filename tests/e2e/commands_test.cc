// Every command of rescue-relay, one by one, and those that only look.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "e2e/operator.h"

namespace relay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

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
      {{"session", "erase"}, {"2"}, kDone, 1},
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

TEST_F(Operator, TheConfigurationIsNamedBeforeACommandOrAfterIt) {
  TempDir dir;
  const std::string file = dir.Write("wrong.toml", "[store]\nulr = \"sqlite:x\"\n");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"-c", file, "queue", "list"}, {"queue", "-c", file, "list"},
        {"queue", "list", "-c", file}, {"--config", file, "check"}}) {
    EXPECT_THAT(Relay(arguments).err, HasSubstr("wrong.toml:2"));
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

}  // namespace
}  // namespace relay::test
