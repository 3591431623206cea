// script.fcgi itself, spoken to as no web server would.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "e2e/deployment.h"
#include "support/fcgi_client.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const std::string kBody = "SessionID=1&Tracking0=CASE-1";

class FastCgi : public testing::Test {
 protected:
  FastCgi() : installation_("[intake]\nmax_body = \"64KiB\"\n"), service_(installation_) {}
  ~FastCgi() override {
    if (HasFailure()) std::cerr << service_.log();
  }

  int StatusOf(const std::string& bytes) const {
    FcgiClient client(service_.socket());
    client.Send(bytes);
    const auto reply = client.ReadReply();
    return reply ? reply->status() : 0;
  }
  std::vector<nlohmann::json> Posts() const { return installation_.List({"post", "list"}); }
  std::vector<nlohmann::json> Quarantined() const {
    return installation_.List({"quarantine", "list"});
  }

  Installation installation_;
  Service service_;
};

TEST_F(FastCgi, StoresAPostThatArrivesByteByByte) {
  FcgiClient client(service_.socket());
  for (const char byte : FcgiRequest(FcgiPostParams(kBody), kBody)) client.Send({&byte, 1});
  const auto reply = client.ReadReply();
  ASSERT_TRUE(reply);
  EXPECT_THAT(reply->body(), StartsWith("stored "));
  EXPECT_THAT(Posts(), SizeIs(1));
}

TEST_F(FastCgi, StoresABodyOfManyRecords) {
  std::string request = FcgiBegin() +
                        FcgiRecord(FcgiType::Params, FcgiEncoded(FcgiPostParams(kBody))) +
                        FcgiRecord(FcgiType::Params, "");
  for (const char byte : kBody) request += FcgiRecord(FcgiType::Stdin, {&byte, 1});
  EXPECT_EQ(StatusOf(request + FcgiRecord(FcgiType::Stdin, "")), 200);
}

TEST_F(FastCgi, AnswersAnotherWhileOneStalls) {
  const FcgiClient stalled(service_.socket());
  const std::string request = FcgiRequest(FcgiPostParams(kBody), kBody);
  stalled.Send(request.substr(0, request.size() - 5));
  EXPECT_EQ(StatusOf(request), 200);
}

TEST_F(FastCgi, ServesSeveralRequestsOnAKeptConnection) {
  FcgiClient client(service_.socket());
  for (int i = 0; i < 3; ++i) {
    const std::string body = "SessionID=" + std::to_string(i + 1);
    client.Send(FcgiRequest(FcgiPostParams(body), body, KeepConnection::Yes));
    const auto reply = client.ReadReply();
    ASSERT_TRUE(reply) << i;
    EXPECT_EQ(reply->status(), 200) << i;
  }
  EXPECT_THAT(Posts(), SizeIs(3));
}

TEST_F(FastCgi, TakesABodyWithoutLengthUpToItsMarkedEnd) {
  FcgiParams params = FcgiPostParams(kBody);
  std::erase_if(params, [](const auto& param) { return param.first == "CONTENT_LENGTH"; });
  EXPECT_EQ(StatusOf(FcgiRequest(params, kBody)), 200);
  EXPECT_THAT(Posts(), SizeIs(1));
}

TEST_F(FastCgi, RefusesABodyShorterThanItsLength) {
  EXPECT_EQ(StatusOf(FcgiRequest(FcgiPostParams(kBody + "..."), kBody)), 400);
  EXPECT_THAT(Posts(), IsEmpty());
  EXPECT_THAT(Quarantined(), IsEmpty());
}

TEST_F(FastCgi, KeepsNothingOfABodyWhoseSenderGoesAway) {
  {
    const FcgiClient client(service_.socket());
    const std::string request = FcgiRequest(FcgiPostParams(kBody), kBody);
    client.Send(request.substr(0, request.size() - 8));  // all but the record that marks the end
  }
  EXPECT_EQ(StatusOf(FcgiRequest(FcgiPostParams("SessionID=2"), "SessionID=2")), 200);
  EXPECT_THAT(Posts(), SizeIs(1));
}

TEST_F(FastCgi, KeepsNothingOfAnAbortedRequest) {
  FcgiClient client(service_.socket());
  client.Send(FcgiBegin() + FcgiRecord(FcgiType::Params, FcgiEncoded(FcgiPostParams(kBody))) +
              FcgiRecord(FcgiType::Params, "") + FcgiRecord(FcgiType::Stdin, kBody.substr(0, 5)) +
              FcgiRecord(FcgiType::Abort, ""));
  client.CloseSending();
  const auto reply = client.ReadReply();
  if (reply) {
    EXPECT_NE(reply->status(), 200);
  }
  EXPECT_THAT(Posts(), IsEmpty());
}

TEST_F(FastCgi, RefusesABodyOverTheMaximum) {
  const std::string body = "SessionID=1&ChatLog=" + std::string(64 * 1024, 'a');
  FcgiClient client(service_.socket());
  client.Send(FcgiRequest(FcgiPostParams(body), body));
  const auto reply = client.ReadReply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status(), 413);
  EXPECT_THAT(Posts(), IsEmpty());
  EXPECT_THAT(Quarantined(), IsEmpty());
}

TEST_F(FastCgi, SurvivesGarbage) {
  const FcgiClient client(service_.socket());
  client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client.Send(std::string(1000, '\xff'));
  EXPECT_EQ(StatusOf(FcgiRequest(FcgiPostParams(kBody), kBody)), 200);
}

TEST_F(FastCgi, EndsCleanlyOnSigterm) {
  ASSERT_EQ(StatusOf(FcgiRequest(FcgiPostParams(kBody), kBody)), 200);
  const ExitStatus status = service_.Stop();
  EXPECT_EQ(status.signal, 0);
  EXPECT_EQ(status.code, 0);
}

class PlainCgi : public testing::Test {
 protected:
  PlainCgi() : installation_("[intake]\nmax_body = \"64KiB\"\n") {}

  // As a web server runs it: the request in the environment, a query string as arguments.
  Finished Cgi(const std::string& body, std::vector<std::string> environment,
               const std::vector<std::string>& arguments = {}) const {
    std::vector<std::string> argv = {installation_.program()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    ProcessOptions options = installation_.Command(argv);
    options.stdin_text = body;
    environment.insert(environment.end(), {"GATEWAY_INTERFACE=CGI/1.1", "REQUEST_METHOD=POST",
                                           "CONTENT_TYPE=application/x-www-form-urlencoded"});
    options.environment.insert(options.environment.end(), environment.begin(), environment.end());
    return RunToEnd(options);
  }
  static std::string Length(size_t size) { return "CONTENT_LENGTH=" + std::to_string(size); }
  std::vector<nlohmann::json> Posts() const { return installation_.List({"post", "list"}); }

  Installation installation_;
};

TEST_F(PlainCgi, StoresAPost) {
  const Finished done = Cgi(kBody, {Length(kBody.size())});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("stored "));
  EXPECT_THAT(Posts(), SizeIs(1));
}

TEST_F(PlainCgi, RefusesABodyShorterThanItsLength) {
  EXPECT_THAT(Cgi(kBody, {Length(kBody.size() + 1)}).out, StartsWith("Status: 400"));
  EXPECT_THAT(Posts(), IsEmpty());
}

TEST_F(PlainCgi, RefusesABodyWithoutLength) {
  EXPECT_THAT(Cgi(kBody, {}).out, StartsWith("Status: 411"));
  EXPECT_THAT(Posts(), IsEmpty());
}

TEST_F(PlainCgi, IgnoresArguments) {
  const Finished done = Cgi(kBody, {Length(kBody.size()), "QUERY_STRING=--version"}, {"--version"});
  EXPECT_THAT(done.out, HasSubstr("stored "));
  EXPECT_THAT(done.out, Not(HasSubstr("0.1.0")));
}

TEST_F(PlainCgi, IsNotWhatRunsFromAShell) {
  const Finished plain = RunToEnd({.argv = {installation_.program()}});
  EXPECT_EQ(plain.code, 64);
  EXPECT_EQ(plain.out, "");
  EXPECT_THAT(plain.err, Not(IsEmpty()));
  EXPECT_EQ(std::count(plain.err.begin(), plain.err.end(), '\n'), 1) << plain.err;
  EXPECT_EQ(RunToEnd({.argv = {installation_.program(), "--version"}}).code, 0);
}

TEST(Programs, TakeNoDefinitionsFromTheHomeOfTheirUser) {
  const Installation installation(CrmAction(1));
  const TempDir home;
  home.Write(".jq", "def ceil: this is no jq");
  fs::permissions(home.path(), fs::perms::others_all, fs::perm_options::add);
  for (const char* program : {"script.fcgi", "rescue-relay"}) {
    ProcessOptions command = installation.Command({installation.dir() / program, "check"});
    command.environment.push_back("HOME=" + home.path().string());
    if (program == std::string("script.fcgi")) {
      command.environment.insert(command.environment.end(),
                                 {"GATEWAY_INTERFACE=CGI/1.1", "REQUEST_METHOD=POST",
                                  "CONTENT_LENGTH=" + std::to_string(kBody.size())});
      command.stdin_text = kBody;
    }
    const Finished done = RunToEnd(command);
    EXPECT_EQ(done.code, 0) << done.err;
  }
  const auto queue = installation.List({"queue", "list"});
  ASSERT_THAT(queue, SizeIs(1));
  EXPECT_THAT(queue[0]["last_error"].dump(), Not(HasSubstr("when")));
}

}  // namespace
}  // namespace relay::test
