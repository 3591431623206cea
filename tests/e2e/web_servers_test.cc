// What is promised to whoever posts, the same behind each of the web servers.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "e2e/deployment.h"
#include "support/deadline.h"
#include "support/http_sink.h"
#include "support/nginx.h"
#include "support/password_hash.h"
#include "support/temp_dir.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string TestName(const testing::TestParamInfo<FrontEnd>& front_end) {
  return NameOf(front_end.param);
}

class WebServers : public testing::TestWithParam<FrontEnd> {
 protected:
  WebServers() : sink_(), relay_(GetParam(), kEndpoints + CrmAction(sink_.port())) {}

  std::vector<json> Posts() const { return relay_.installation().List({"post", "list"}); }
  std::vector<json> Quarantined() const {
    return relay_.installation().List({"quarantine", "list"});
  }

  inline static const std::string kEndpoints = "[endpoint.closed]\nevent = \"closed\"\n";
  HttpSink sink_;
  Deployment relay_;
};

INSTANTIATE_TEST_SUITE_P(Each, WebServers, testing::ValuesIn(kFrontEnds), TestName);

std::string DataFile(const std::string& name) {
  return ReadFile(fs::path(RELAY_SOURCE_DIR) / "tests/data/posts" / name);
}

TEST_P(WebServers, BringAFormPostToTheCrm) {
  ASSERT_NE(StoredId(relay_.Send(Post("/script.fcgi", DataFile("closed-case-2001.form")))), "");
  const auto requests = sink_.WaitForRequests(1);
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_EQ(requests[0].method, "POST");
  EXPECT_EQ(requests[0].target, "/cases/CASE-2001/comments");
  EXPECT_EQ(requests[0].headers.Find("Content-Type"), "application/json");
  EXPECT_NE(requests[0].headers.Find("Idempotency-Key").value_or(""), "");
  EXPECT_EQ(json::parse(requests[0].body),
            (json{{"text",
                   "10:00 AM Connecting to: Bo Sample\n"
                   "10:01 AM Ada Example: Hello – is it plugged in?\n"
                   "10:02 AM Bo Sample: 100% & \"yes\""},
                  {"minutes", 7},
                  {"who", "by Ada Example"},
                  {"event", "closed"}}));
}

TEST_P(WebServers, BringAnXmlPostToTheCrm) {
  ASSERT_NE(StoredId(relay_.Send(
                Post("/script.fcgi", DataFile("closed-case-2002.xml"), "text/xml; charset=utf-8"))),
            "");
  const auto requests = sink_.WaitForRequests(1);
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_EQ(requests[0].target, "/cases/CASE-2002/comments");
  const json sent = json::parse(requests[0].body);
  EXPECT_EQ(sent["minutes"], 7);
  EXPECT_EQ(sent["text"],
            "11:00 AM Connecting to: Bo Sample\n"
            "11:01 AM Ada Example: Hello – is it plugged in?\n"
            "11:02 AM Bo Sample: 100% & \"yes\"");
}

struct Example {
  const char* file;
  const char* ticket;
  const char* who;
  int minutes;
  const char* says;  // the transcript, among other things, once this post is in it
};

constexpr const char* kOkafor = "by Mira Okafor";
constexpr const char* kLindqvist = "by Tomás Lindqvist";
constexpr const char* kThanks = "2:45 PM Søren Ångström: Great, thanks!\n";

constexpr Example kExamples[] = {
    {"1-started.form", "TICKET-77", kOkafor, 0, ""},
    {"1-started.xml", "TICKET-77", kOkafor, 0, ""},
    {"2-on-hold.form", "TICKET-77", kOkafor, 12, "Mira Okafor"},
    {"2-on-hold.xml", "TICKET-77", kOkafor, 12, "Mira Okafor"},
    {"3-taken-over.form", "TICKET-77", kLindqvist, 14, "Mira Okafor"},
    {"3-taken-over.xml", "TICKET-77", kLindqvist, 14, "Mira Okafor"},
    {"4-closed.form", "TICKET-77", kLindqvist, 25, kThanks},
    {"4-closed.xml", "TICKET-77", kLindqvist, 25, kThanks},
    {"4-closed-full-chat.form", "TICKET-77", kLindqvist, 25, kThanks},
    {"closed-case-2001.form", "CASE-2001", "by Ada Example", 7, "100% & \"yes\""},
    {"closed-case-2002.xml", "CASE-2002", "by Ada Example", 7, "100% & \"yes\""},
    {"closed-cdata-no-declaration.xml", "TICKET-79", "by ", 0, kThanks},
    {"closed-us-dates.form", "TICKET-78", kLindqvist, 25, kThanks},
    {"closed-utf16.xml", "TICKET-78", kLindqvist, 25, kThanks},
    {"closed-windows-1252.xml", "TICKET-78", kLindqvist, 25, kThanks},
};

std::string TypeOf(const std::string& file) {
  return file.ends_with(".xml") ? "text/xml" : "application/x-www-form-urlencoded";
}

TEST_P(WebServers, BringEveryPostThereIsAnExampleOfToItsCase) {
  std::size_t sent = 0;
  for (const Example& example : kExamples) {
    const auto reply =
        relay_.Send(Post("/script.fcgi", DataFile(example.file), TypeOf(example.file)));
    ASSERT_NE(StoredId(reply), "") << example.file << ": " << (reply ? reply->body : "no reply");
    const auto requests = sink_.WaitForRequests(++sent);
    ASSERT_THAT(requests, SizeIs(sent)) << example.file;
    EXPECT_EQ(requests.back().target, fmt::format("/cases/{}/comments", example.ticket));
    const json comment = json::parse(requests.back().body);
    EXPECT_EQ(comment["who"], example.who) << example.file;
    EXPECT_EQ(comment["minutes"], example.minutes) << example.file;
    const std::string text = comment["text"].get<std::string>() + "\n";
    EXPECT_THAT(text, testing::HasSubstr(example.says)) << example.file;
  }
  EXPECT_THAT(Posts(), SizeIs(sent));
}

TEST(Examples, AreAllInTheTable) {
  std::size_t files = 0;
  for (const auto& file : fs::directory_iterator(fs::path(RELAY_SOURCE_DIR) / "tests/data/posts")) {
    if (file.path().extension() != ".md") ++files;
  }
  EXPECT_EQ(files, std::size(kExamples));
}

TEST_P(WebServers, KeepAValueInOneSegmentOfThePath) {
  ASSERT_NE(StoredId(relay_.Send(
                Post("/script.fcgi", "SessionID=1&Tracking0=A%2F..%2Fb%3Fc%23d+e%26f%25g"))),
            "");
  const auto requests = sink_.WaitForRequests(1);
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_EQ(requests[0].target, "/cases/A%2F..%2Fb%3Fc%23d%20e%26f%25g/comments");
}

TEST_P(WebServers, StoreAndDeliverARepeatOnce) {
  const std::string first = StoredId(relay_.Send(Post("/script.fcgi", "SessionID=1&Tracking0=X")));
  EXPECT_EQ(StoredId(relay_.Send(Post("/script.fcgi", "SessionID=1&Tracking0=X"))), first);
  // A delivery of the repeat would stand before this one: the same session, in the order stored.
  ASSERT_NE(StoredId(relay_.Send(Post("/script.fcgi", "SessionID=1&Tracking0=Y"))), "");
  std::vector<std::string> targets;
  for (const SinkRequest& request : sink_.WaitForRequests(2)) targets.push_back(request.target);
  EXPECT_THAT(targets, ElementsAre("/cases/X/comments", "/cases/Y/comments"));
  EXPECT_THAT(Posts(), SizeIs(2));
}

TEST_P(WebServers, LetTheProgramRefuseWhatIsNotAPost) {
  for (const char* method : {"GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    HttpRequest request;
    request.method = method;
    request.target = "/script.fcgi?SessionID=1";
    const auto reply = relay_.Send(request);
    ASSERT_TRUE(reply) << method;
    EXPECT_EQ(reply->status, 405) << method;
    EXPECT_EQ(reply->headers.Find("Allow"), "POST") << method;
  }
  EXPECT_THAT(Posts(), IsEmpty());
}

// A web server passes a query string without "=" as arguments to a plain CGI.
TEST_P(WebServers, RunNoCommandFromAQueryString) {
  const auto version = relay_.Send(Post("/script.fcgi?--version", "SessionID=1&Tracking0=V"));
  EXPECT_NE(StoredId(version), "") << (version ? version->body : "");
  const auto drop = relay_.Send(Post("/script.fcgi?queue+drop+ALL", "SessionID=2&Tracking0=D"));
  EXPECT_NE(StoredId(drop), "") << (drop ? drop->body : "");
  EXPECT_THAT(Posts(), SizeIs(2));
  EXPECT_THAT(relay_.installation().List({"queue", "list"}), SizeIs(2));
  EXPECT_THAT(sink_.WaitForRequests(2), SizeIs(2));
}

TEST_P(WebServers, TakeVariablesFromTheQueryStringOfAnEmptyPost) {
  ASSERT_NE(StoredId(relay_.Send(
                Post("/script.fcgi/closed?SessionID=1&Tracking0=Q%20%2B1&x=%2F%2F", ""))),
            "");
  const auto requests = sink_.WaitForRequests(1);
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_EQ(requests[0].target, "/cases/Q%20%2B1/comments");
}

TEST_P(WebServers, TellTheEndpointByThePath) {
  const std::string id =
      StoredId(relay_.Send(Post("/script.fcgi/closed", "SessionID=1&Tracking0=E")));
  ASSERT_NE(id, "");
  const auto post = relay_.installation().List({"post", "show", id});
  ASSERT_THAT(post, SizeIs(1));
  EXPECT_EQ(post[0]["endpoint"], "closed");
  EXPECT_EQ(post[0]["event"], "closed");
  EXPECT_EQ(post[0]["event_source"], "endpoint");
}

TEST_P(WebServers, TellTheEndpointByAUrlOfOnesOwn) {
  const std::string id =
      StoredId(relay_.Send(Post("/7f3a9c1e/closed?x=y", "SessionID=1&Tracking0=E")));
  ASSERT_NE(id, "");
  const auto post = relay_.installation().List({"post", "show", id});
  ASSERT_THAT(post, SizeIs(1));
  EXPECT_EQ(post[0]["endpoint"], "closed");
  EXPECT_EQ(post[0]["event_source"], "endpoint");
}

TEST_P(WebServers, InferTheEventWhereTheUrlSaysNothing) {
  const std::string id = StoredId(relay_.Send(Post("/script.fcgi", "SessionID=1&Tracking0=E")));
  ASSERT_NE(id, "");
  const auto post = relay_.installation().List({"post", "show", id});
  ASSERT_THAT(post, SizeIs(1));
  EXPECT_EQ(post[0]["event"], "started");
  EXPECT_EQ(post[0]["event_source"], "inferred");
  EXPECT_EQ(post[0]["remote_addr"], "127.0.0.1");
}

TEST_P(WebServers, KeepNothingOfABodyThatEndsEarly) {
  HttpRequest request = Post("/script.fcgi", "SessionID=1&Tracking0=CUT");
  request.claimed_length = request.body.size() + 10;
  const auto reply = relay_.Send(request);
  if (reply) {  // nginx just closes: the sender has gone
    EXPECT_GE(reply->status, 400);
  }
  EXPECT_THAT(Posts(), IsEmpty());
  EXPECT_THAT(Quarantined(), IsEmpty());
}

TEST_P(WebServers, TakeABodyOfExactlyTheMaximum) {
  std::string body = "SessionID=1&ChatLog=";
  body.resize(16U * 1024 * 1024, 'a');
  const auto reply = relay_.Send(Post("/script.fcgi", body));
  EXPECT_NE(StoredId(reply), "") << (reply ? reply->body : "no reply");
}

// Who answers 413 is a decision of each configuration: one that has a limit of its own has the
// program's, and the others leave it to the program.
std::string SaidOfTooLarge(FrontEnd front_end) {
  switch (front_end) {
    case FrontEnd::Nginx:
    case FrontEnd::ApacheCgid:
      return "the post is larger than this server accepts";
    case FrontEnd::ApacheProxyFcgi:
    case FrontEnd::ApacheFcgid:
    case FrontEnd::Lighttpd:
    case FrontEnd::Caddy:
      return "the body is larger than [intake] max_body";
  }
  return "";
}

TEST_P(WebServers, RefuseOneByteMore) {
  std::string body = "SessionID=1&ChatLog=";
  body.resize(16U * 1024 * 1024 + 1, 'a');
  const auto reply = relay_.Send(Post("/script.fcgi", body));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 413);
  EXPECT_LE(std::count(reply->body.begin(), reply->body.end(), '\n'), 1) << reply->body;
  EXPECT_THAT(reply->body, testing::StartsWith(SaidOfTooLarge(GetParam())));
  EXPECT_THAT(Posts(), IsEmpty());
  EXPECT_THAT(Quarantined(), IsEmpty());
}

TEST_P(WebServers, TakeABodyWithoutLengthWhereItsEndIsCertain) {
  HttpRequest request = Post("/script.fcgi", "SessionID=1&Tracking0=N&ChatLog=");
  request.body.resize(300'000, 'a');
  request.chunk_size = 4096;
  const auto reply = relay_.Send(request);
  ASSERT_TRUE(reply);
  if (GetParam() == FrontEnd::ApacheCgid || GetParam() == FrontEnd::Caddy) {
    EXPECT_EQ(reply->status, 411);
    EXPECT_THAT(Posts(), IsEmpty());
  } else {
    EXPECT_NE(StoredId(reply), "") << reply->status << reply->body;
  }
}

TEST_P(WebServers, QuarantineWhatCannotBeDecoded) {
  const auto reply =
      relay_.Send(Post("/script.fcgi", "<session><sessionid>s3cr3t</session>", "text/xml"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 400);
  EXPECT_THAT(reply->body, testing::Not(testing::HasSubstr("s3cr3t")));
  EXPECT_THAT(Quarantined(), SizeIs(1));
  EXPECT_THAT(Posts(), IsEmpty());
}

TEST_P(WebServers, QuarantineAPostWithoutSessionId) {
  const auto reply = relay_.Send(Post("/script.fcgi", "Tracking0=s3cr3t"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 422);
  EXPECT_THAT(reply->body, testing::Not(testing::HasSubstr("s3cr3t")));
  EXPECT_THAT(Quarantined(), SizeIs(1));
  EXPECT_THAT(Posts(), IsEmpty());
}

TEST(SpawnFcgi, OpensTheSocketForNginx) {
  const Installation installation("");
  const auto socket = installation.dir() / "spawned.sock";
  Process service(installation.Command(
      {"spawn-fcgi", "-n", "-s", socket, "-M", "0660", "--", installation.program()}));
  ASSERT_TRUE(Deadline(std::chrono::seconds(20)).Until([&] { return fs::exists(socket); }));
  const Nginx nginx({.socket = socket});
  std::optional<Response> reply;
  EXPECT_NE(StoredId(reply = Fetch(nginx.port(), Post("/script.fcgi", "SessionID=1"))), "")
      << (reply ? reply->body : "") << service.err();
  EXPECT_EQ(service.Stop().code, 0);
}

class WebServersWithPasswords : public testing::TestWithParam<FrontEnd> {
 protected:
  TempDir dir_;
  Deployment relay_{
      GetParam(),
      "[intake]\ntrust_remote_user = true\n",
      {.users = dir_.Write("htpasswd", "rescue:" + PasswordHash("correct horse") + "\n")}};
};

INSTANTIATE_TEST_SUITE_P(Each, WebServersWithPasswords, testing::ValuesIn(kFrontEnds), TestName);

TEST_P(WebServersWithPasswords, AskForOne) {
  const auto reply = relay_.Send(Post("/script.fcgi", "SessionID=1"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 401);
  EXPECT_THAT(reply->headers.Find("WWW-Authenticate").value_or(""), testing::StartsWith("Basic "));
  EXPECT_THAT(relay_.installation().List({"post", "list"}), IsEmpty());
}

TEST_P(WebServersWithPasswords, RefuseAWrongOne) {
  HttpRequest request = Post("/script.fcgi/closed", "SessionID=1");
  request.headers.emplace_back("Authorization", "Basic cmVzY3VlOndyb25n");  // rescue:wrong
  EXPECT_EQ(relay_.Send(request).value_or(Response{}).status, 401);
  EXPECT_THAT(relay_.installation().List({"post", "list"}), IsEmpty());
}

TEST_P(WebServersWithPasswords, TellTheProgramWhoseItWas) {
  HttpRequest request = Post("/script.fcgi", "SessionID=1");
  request.headers.emplace_back("Authorization",
                               "Basic cmVzY3VlOmNvcnJlY3QgaG9yc2U=");  // rescue:correct horse
  const std::string id = StoredId(relay_.Send(request));
  ASSERT_NE(id, "");
  const auto post = relay_.installation().List({"post", "show", id});
  ASSERT_THAT(post, SizeIs(1));
  EXPECT_EQ(post[0]["remote_user"], "rescue");
}

}  // namespace
}  // namespace relay::test
