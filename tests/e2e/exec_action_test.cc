// Deliveries to programs: what was posted arrives as it was, and no program outlives its try.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <map>

#include "e2e/local_delivery.h"
#include "support/deadline.h"
#include "support/unique_fd.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::seconds;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

class ExecAction : public LocalDelivery {
 protected:
  void Program(const std::string& name, const std::string& script) const {
    fs::permissions(installation_->dir() / WriteFile(name, script), fs::perms(0755));
  }
  fs::path WriteFile(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name)) << text;
    return name;
  }
  // What one try of the action "local" with the post says.
  Finished Try(const std::string& post = "1") const {
    return Relay({"action", "try", "local", "--post", post, "--send"});
  }
};

// A named pipe, which tells when nobody is left that has it open for writing.
class Leash {
 public:
  explicit Leash(const fs::path& path) {
    EXPECT_EQ(mkfifo(path.c_str(), 0666), 0);
    fs::permissions(path, fs::perms(0666));
    file_ = UniqueFd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  }
  // Somebody has written to it.
  bool AwaitTaken() const { return (Await(POLLIN) & POLLIN) != 0; }
  bool AwaitRelease() const { return (Await(0) & POLLHUP) != 0; }

 private:
  int Await(short events) const {
    pollfd watched{file_.get(), events, 0};
    return poll(&watched, 1, 20'000) == 1 ? watched.revents : 0;
  }
  UniqueFd file_;
};

// Writes down all that it is given.
constexpr const char* kRecorder = R"(#!/usr/bin/python3
import json, os, sys
given = {"argv": sys.argv, "env": dict(os.environ), "cwd": os.getcwd(),
         "stdin": sys.stdin.buffer.read().decode("utf-8"),
         "files": sorted(int(fd) for fd in os.listdir("/proc/self/fd"))}
with open(os.path.dirname(os.path.abspath(sys.argv[0])) + "/given.json", "w") as file:
    json.dump(given, file)
)";

TEST_F(ExecAction, GivesTheProgramWhatWasPostedAndNothingElseOfOurs) {
  Install(R"(
[action.local]
type = "exec"
argv = ["DIR/recorder", "--", "{{ .TechName }}", "{{ .Tracking0 }}", "{{ .CField2 }}", "a {{ .TechDescr }}", "{{ .TSurvey4 }}"]
env = { CASE = "{{ .CField3 }}", LANG = "de_DE.UTF-8" }
)");
  Program("recorder", kRecorder);
  Post(EncodeForm(HostileSession()));
  const Finished done = Relay({"deliver", "--once"});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(Queue().front()["state"], "done") << Queue().front();
  const json given = json::parse(ReadFile(Path("given.json")));
  const std::map<std::string, std::string> posted = [] {
    const Posted list = HostileSession();
    return std::map<std::string, std::string>(list.begin(), list.end());
  }();
  EXPECT_EQ(given["argv"],
            json({Path("recorder").string(), "--", posted.at("TechName"), posted.at("Tracking0"),
                  posted.at("CField2"), "a " + posted.at("TechDescr"), posted.at("TSurvey4")}));
  json document = json::parse(given["stdin"].get<std::string>());
  EXPECT_EQ(document["delivery_id"], "1");
  for (const char* name : {"delivery_id", "delivery_uuid", "attempt"}) document.erase(name);
  EXPECT_EQ(document, Document("1"));
  json env = given["env"];
  EXPECT_THAT(env["RESCUE_RELAY_DELIVERY"].get<std::string>(), EndsWith("-1"));
  env.erase("RESCUE_RELAY_DELIVERY");
  env.erase("LC_CTYPE");  // Python's own
  EXPECT_THAT(env["TRACEPARENT"].get<std::string>(),
              MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
  env.erase("TRACEPARENT");
  EXPECT_EQ(env, json({{"CASE", posted.at("CField3")},
                       {"LANG", "de_DE.UTF-8"},
                       {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
                       {"RESCUE_RELAY_ATTEMPT", "1"}}));
  EXPECT_EQ(given["cwd"], "/");
  EXPECT_EQ(given["files"], json({0, 1, 2, 3})) << "3 is the folder that it reads just then";
}

TEST_F(ExecAction, GoesByTheExitStatus) {
  Install(R"(
[action.local]
type = "exec"
argv = ["DIR/program", "{{ .CField0 }}"]
)");
  Program("program", "#!/bin/sh\necho out; echo err >&2\neval \"$1\"\n");
  struct Row {
    const char* script;
    int exit;
    const char* said;
  };
  const std::vector<Row> rows{
      {"exit 0", 0, "done\n"},
      {"exit 75", 1, "would be retried: exit status 75\n"},
      {"exit 3", 1, "would be dead: exit status 3\n"},
      {"kill -9 $$", 1, "would be dead: killed by signal 9\n"},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string id = std::to_string(i + 1);
    Post(EncodeForm({{"SessionID", id}, {"CField0", rows[i].script}}));
    const Finished done = Try(id);
    EXPECT_EQ(done.code, rows[i].exit) << rows[i].script;
    EXPECT_EQ(done.err, rows[i].said);
    EXPECT_EQ(done.out, "out\nerr\n\n");
  }
}

TEST_F(ExecAction, IsTriedAgainWhereTheProgramCannotStart) {
  Install(R"(
[action.local]
type = "exec"
argv = ["DIR/program"]
)");
  Post("SessionID=1");
  EXPECT_EQ(Try().err, "would be retried: argv: start it: No such file or directory\n");
  WriteFile("program", "#!/bin/sh\n");
  EXPECT_EQ(Try().err, "would be retried: argv: start it: Permission denied\n");
  Program("program", "#!/nowhere/sh\n");
  EXPECT_EQ(Try().err, "would be retried: argv: start it: No such file or directory\n");
  Program("program", "#!/bin/sh\n");
  EXPECT_EQ(Try().err, "done\n");
}

TEST_F(ExecAction, IsDeadWhereAValueCannotBeAnArgument) {
  Install(R"(
[action.local]
type = "exec"
argv = ["/bin/true", '{{ if .CField0 == "nul" then ([65, 0] | implode) elif .CField0 == "null" then null else .CField0 end }}']
)");
  for (const char* value : {"nul", "null", ""}) {
    Post(EncodeForm({{"SessionID", "1"}, {"CField0", value}}));
  }
  Post("SessionID=1&CField0=" + std::string(200'000, 'x'));
  EXPECT_THAT(Try("1").err, EndsWith("holds a NUL\n"));
  EXPECT_THAT(Try("2").err, EndsWith("is null\n"));
  EXPECT_EQ(Try("3").err, "done\n");
  EXPECT_EQ(Try("4").err, "would be dead: argv: start it: Argument list too long\n");
}

TEST_F(ExecAction, EndsTheProgramAndItsChildrenWhenTheTimeIsUp) {
  Install(R"(
[action.local]
type = "exec"
argv = ["/bin/sh", "-c", "sleep 1000 > DIR/leash & echo begun; sleep 1000"]
timeout = "3s"
)");
  const Leash leash(Path("leash"));
  Post("SessionID=1");
  const Finished done = Try();
  EXPECT_EQ(done.err, "would be retried: it did not end in time\n");
  EXPECT_EQ(done.out, "begun\n\n");
  EXPECT_TRUE(leash.AwaitRelease());
}

TEST_F(ExecAction, EndsTheProgramWithAServiceThatIsKilled) {
  Install(R"(
[action.local]
type = "exec"
argv = ["/bin/sh", "-c", "trap '' TERM; exec > DIR/leash; echo; while :; do sleep 1; done"]
timeout = "60s"
)");
  const Leash leash(Path("leash"));
  Post("SessionID=1");
  Process service(installation_->Command({Path("rescue-relay"), "deliver"}));
  ASSERT_TRUE(leash.AwaitTaken());
  service.Signal(SIGKILL);
  ASSERT_TRUE(service.Wait(seconds(20)));
  EXPECT_TRUE(leash.AwaitRelease());
}

TEST_F(ExecAction, KnowsTheExitStatusWhereWhoeverStartsUsIgnoresTheEndsOfChildren) {
  Install(R"(
[action.local]
type = "exec"
argv = ["/bin/sh", "-c", "exit 3"]
)");
  const Finished done =
      RunIn({"env", "--ignore-signal=CHLD"}, {"action", "try", "local", "--send"});
  EXPECT_EQ(done.err, "would be dead: exit status 3\n");
}

TEST_F(ExecAction, WorksWhereTheStandardDescriptorsAreClosed) {
  Install(R"(
[action.local]
type = "exec"
argv = ["/bin/sh", "-c", "echo out; echo err >&2; cat > DIR/stdin"]
)");
  Post("SessionID=77");
  RunIn({"/bin/sh", "-c", "exec \"$@\" <&- >&- 2>&-", "sh"},
        {"action", "try", "local", "--post", "1", "--send"});
  EXPECT_EQ(json::parse(ReadFile(Path("stdin")))["SessionID"], "77");
  EXPECT_EQ(Relay({"doctor"}).code, 0);
}

TEST_F(ExecAction, ShowsNoSecretsOfWhatTheProgramSays) {
  Install(R"(
[secrets]
token = { file = "DIR/token" }
[action.local]
type = "exec"
argv = ["/bin/sh", "-c", "echo token $TOKEN"]
env = { TOKEN = "{{ $secret.token }}" }
)");
  WriteSecret(Path("token"), "correct-horse");
  Post("SessionID=1");
  EXPECT_EQ(Try().out, "token ********\n\n");
  const std::string shown = Relay({"action", "try", "local", "--post", "1"}).out;
  EXPECT_THAT(shown,
              testing::AllOf(HasSubstr("TOKEN=********"), HasSubstr("\"/bin/sh\"\n"),
                             HasSubstr("\"SessionID\":\"1\""), Not(HasSubstr("correct-horse"))));
  const json json_shown =
      json::parse(Relay({"action", "try", "local", "--post", "1", "--json"}).out);
  EXPECT_THAT(json_shown["env"], Contains("TOKEN=********"));
  EXPECT_EQ(json_shown["argv"], json({"/bin/sh", "-c", "echo token $TOKEN"}));
  EXPECT_EQ(json_shown["directory"], "/");
  EXPECT_THAT(json_shown["stdin"].get<std::string>(), StartsWith("{\"SessionID\":\"1\""));
}

}  // namespace
}  // namespace relay::test
