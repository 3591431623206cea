// Actions of several requests, and what their answers mean.
#include <map>

#include "unit/action/action_fixture.h"

namespace relay {
namespace {

using test::Answer;
using test::SinkRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

// A desk with cases and notes, as one may be reached by HTTP. One thread at a time.
class Desk {
 public:
  Answer Reply(const SinkRequest& request) {
    if (request.target.starts_with("/cases?number=")) {
      const std::string number = request.target.substr(std::string("/cases?number=").size());
      const bool known = number == "CASE-1";
      return {.body = known ? R"({"result":[{"id":"17"}]})" : R"({"result":[]})"};
    }
    if (request.target == "/cases/17/notes" && request.method == "GET") {
      return {.body = Json{{"total", notes.size()}}.dump()};
    }
    if (request.target == "/cases/17/notes") {
      notes.push_back(request.body);
      return {.status = 201, .headers = {{"Location", "/notes/1"}}, .body = R"({"id":1})"};
    }
    return {.status = 404, .body = "no such place"};
  }
  std::vector<std::string> notes;
};

class HttpSteps : public ActionTest {
 protected:
  std::string Steps(const std::string& more = "") {
    return "[action.desk]\ntype = \"http\"\n" + more + R"(
[[action.desk.step]]
method = "GET"
url = ")" + sink_.Url("/cases?number={{ .Tracking0 }}") +
           R"("
extract = { id = ".body.result[0].id" }
not_found = ".body.result == []"
[[action.desk.step]]
dedup = true
method = "GET"
url = ")" + sink_.Url("/cases/{{ $step.id }}/notes") +
           R"("
already_done = ".body.total > 0"
[[action.desk.step]]
url = ")" + sink_.Url("/cases/{{ $step.id }}/notes") +
           R"("
json = { text = "{{ .transcript }}" }
)";
  }

  Desk desk_;
  test::HttpSink sink_{[this](const SinkRequest& request) { return desk_.Reply(request); }};
};

TEST_F(HttpSteps, ALaterStepUsesWhatAnEarlierOneFound) {
  EXPECT_EQ(Run(Steps()).kind, OutcomeKind::Done);
  EXPECT_THAT(desk_.notes, ElementsAre(R"({"text":"10:00 a\n10:01 b"})"));
  EXPECT_THAT(sink_.requests(), SizeIs(2)) << "a first try needs no look for an earlier one";
}

TEST_F(HttpSteps, ARepeatLooksFirstWhetherAnEarlierTryCameThrough) {
  EXPECT_EQ(Run(Steps(), 2).kind, OutcomeKind::Done);
  EXPECT_THAT(desk_.notes, SizeIs(1));
  EXPECT_EQ(Run(Steps(), 2).kind, OutcomeKind::Done);
  EXPECT_THAT(desk_.notes, SizeIs(1));
}

TEST_F(HttpSteps, WhatIsNotFoundIsDead) {
  document_["Tracking0"] = "CASE-2";
  const Outcome outcome = Run(Steps());
  EXPECT_EQ(outcome.kind, OutcomeKind::Dead);
  EXPECT_EQ(outcome.reason, "step 1: HTTP 200, not found");
  EXPECT_EQ(outcome.reach, Reach::Answered);
  EXPECT_THAT(outcome.answer, HasSubstr("result"));
}

TEST_F(HttpSteps, WithoutNotFoundAMissingValueIsNamedWhereItIsNeeded) {
  std::string toml = Steps();
  toml.erase(toml.find("not_found"), std::string("not_found = \".body.result == []\"").size());
  document_["Tracking0"] = "CASE-2";
  const Outcome outcome = Run(toml);
  EXPECT_EQ(outcome.kind, OutcomeKind::Dead);
  EXPECT_EQ(outcome.reason, "step 3: url: {{ $step.id }}: is null");
}

struct Meaning {
  const char* name;
  int status;
  const char* body;
  const char* keys;
  OutcomeKind kind;
  const char* reason;
};

class HttpMeaning : public ActionTest {};

TEST_F(HttpMeaning, FollowsTheExpressionsAndThenTheStatus) {
  const char* const zoho = R"(success = '.body.data[0].code == "SUCCESS"')";
  const char* const limited =
      R"(try_later = '.status == 403 and (.body | tostring | contains("LIMIT"))')";
  const Meaning rows[] = {
      {"plain", 200, "", "", OutcomeKind::Done, ""},
      {"no content", 204, "", "", OutcomeKind::Done, ""},
      {"202 with an error", 202, R"({"data":[{"code":"INVALID_DATA","status":"error"}]})", zoho,
       OutcomeKind::Dead, "HTTP 202, but `success` says no"},
      {"202 with success", 202, R"({"data":[{"code":"SUCCESS"}]})", zoho, OutcomeKind::Done, ""},
      {"a success that fails", 200, R"("text")", zoho, OutcomeKind::Dead,
       "HTTP 200, `success` failed: cannot index string with string"},
      {"200 with an error text", 200, R"(["Ticket 1: Status 'bogus' isn't a valid status"])",
       R"(success = '.status == 201 and (.body[0] | test("added$"))')", OutcomeKind::Dead,
       "HTTP 200, but `success` says no"},
      {"500 that is for ever", 500, "", R"(refused = '.status == 500 and .body == ""')",
       OutcomeKind::Dead, "HTTP 500, `refused` says so"},
      {"500 that is not", 500, "oops", R"(refused = '.status == 500 and .body == ""')",
       OutcomeKind::Retry, "HTTP 500"},
      {"a rate limit as 403", 403, R"([{"errorCode":"REQUEST_LIMIT_EXCEEDED"}])", limited,
       OutcomeKind::Retry, "HTTP 403, `try_later` says so"},
      {"another 403", 403, R"([{"errorCode":"INSUFFICIENT_ACCESS"}])", limited,
       OutcomeKind::AuthRefused, "HTTP 403"},
      {"already there", 412, "", "already_done = '.status == 412'", OutcomeKind::Done, ""},
      {"already there, as 400", 400, R"({"errors":{"detail":"Bean x is already exist"}})",
       R"(already_done = '.status == 400 and (.body.errors.detail | test("already exist"))')",
       OutcomeKind::Done, ""},
      {"another 400", 400, R"({"errors":{"detail":"no"}})",
       R"(already_done = '.status == 400 and (.body.errors.detail | test("already exist"))')",
       OutcomeKind::Dead, "HTTP 400"},
      {"an error with 200", 200, R"({"error":{"code":200}})", "success = '.body.error == null'",
       OutcomeKind::Dead, "HTTP 200, but `success` says no"},
      {"refused as 201", 201, R"({"id":false})", "success = '.body.id | type == \"number\"'",
       OutcomeKind::Dead, "HTTP 201, but `success` says no"},
      {"a redirect", 302, "", "", OutcomeKind::Dead,
       "HTTP 302: redirects are not followed; put the final URL into the configuration"},
  };
  for (const Meaning& row : rows) {
    test::HttpSink sink(
        [&](const SinkRequest&) { return Answer{.status = row.status, .body = row.body}; });
    const Outcome outcome = Run("[action.a]\ntype = \"http\"\nurl = \"" + sink.Url("/x") +
                                "\"\njson = { a = 1 }\n" + row.keys + "\n");
    EXPECT_EQ(outcome.kind, row.kind) << row.name;
    EXPECT_EQ(outcome.reason, row.reason) << row.name;
  }
}

TEST_F(HttpMeaning, AStepThatIsOptionalMayFail) {
  test::HttpSink sink([&](const SinkRequest& request) {
    if (request.target == "/bye") return Answer{.kind = Answer::Kind::Close};
    return Answer{};
  });
  const Outcome outcome = Run(R"([action.a]
type = "http"
[[action.a.step]]
url = ")" + sink.Url("/note") +
                              R"("
[[action.a.step]]
optional = true
method = "GET"
url = ")" + sink.Url("/bye") + "\"\n");
  EXPECT_EQ(outcome.kind, OutcomeKind::Done);
  EXPECT_THAT(sink.requests(), SizeIs(testing::Ge(2u)));
}

TEST_F(HttpMeaning, AStepWithAConditionIsLeftOutWhereItDoesNotHold) {
  test::HttpSink sink;
  const Outcome outcome = Run(R"([action.a]
type = "http"
[[action.a.step]]
when = ".Tracking0 == \"\""
url = ")" + sink.Url("/new") + R"("
[[action.a.step]]
when = ".Tracking0 != \"\""
url = ")" + sink.Url("/note") +
                              "\"\n");
  EXPECT_EQ(outcome.kind, OutcomeKind::Done);
  ASSERT_THAT(sink.requests(), SizeIs(1));
  EXPECT_EQ(sink.requests()[0].target, "/note");
}

TEST_F(HttpMeaning, TheTimeoutIsForAllStepsTogether) {
  test::HttpSink sink([](const SinkRequest&) { return Answer{.kind = Answer::Kind::Hang}; });
  const Outcome outcome = Run(R"([action.a]
type = "http"
timeout = "1s"
[[action.a.step]]
optional = true
url = ")" + sink.Url("/1") + R"("
[[action.a.step]]
url = ")" + sink.Url("/2") + "\"\n");
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry);
  EXPECT_EQ(outcome.reason, "step 2: the time was up before it was sent");
}

TEST_F(HttpMeaning, TheAnswerIsKeptCutAndWithoutSecrets) {
  dir_.WriteSecret("token", "s3cret-token\n");
  test::HttpSink sink([](const SinkRequest&) {
    return Answer{.status = 422, .body = "bad s3cret-token " + std::string(10000, 'x')};
  });
  const Outcome outcome =
      Run("[secrets]\nt = { file = \"token\" }\n[action.a]\ntype = \"http\"\nurl = \"" +
          sink.Url("/x") + "\"\n");
  EXPECT_EQ(outcome.kind, OutcomeKind::Dead);
  EXPECT_THAT(outcome.answer, StartsWith("HTTP 422\n\nbad ******** xxx"));
  EXPECT_THAT(outcome.answer, testing::EndsWith("\n[cut]"));
  EXPECT_LT(outcome.answer.size(), 4200u);
  EXPECT_THAT(outcome.reason, "HTTP 422");
}

TEST_F(HttpMeaning, ABodyThatIsNotTheJsonItSaysIsNotSent) {
  test::HttpSink sink;
  const Outcome outcome = Run("[action.a]\ntype = \"http\"\nurl = \"" + sink.Url("/x") +
                              "\"\nheaders = { Content-Type = \"application/json\" }\n"
                              "text = '{\"a\": \"{{ .TechName }}\"}'\n");
  EXPECT_EQ(outcome.kind, OutcomeKind::Dead);
  EXPECT_EQ(outcome.reason, "body: the body is not the JSON that Content-Type says");
  EXPECT_THAT(sink.requests(), IsEmpty());
}

}  // namespace
}  // namespace relay
