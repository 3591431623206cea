#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <csignal>
#include <thread>

#include "support/fcgi_client.h"
#include "support/http_client.h"
#include "support/http_sink.h"
#include "support/process.h"
#include "support/sockets.h"
#include "support/temp_dir.h"

namespace relay::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Optional;

TEST(HttpSink, RecordsTheTargetAsOnTheWireAndTheBody) {
  HttpSink sink;
  ASSERT_TRUE(Fetch(sink.port(), Post("/a%2Fb/../c?d", "e=f")));
  const auto requests = sink.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].method, "POST");
  EXPECT_EQ(requests[0].target, "/a%2Fb/../c?d");
  EXPECT_EQ(requests[0].body, "e=f");
  EXPECT_THAT(requests[0].headers.Find("content-TYPE"),
              Optional(HasSubstr("application/x-www-form-urlencoded")));
}

TEST(HttpSink, ReadsChunks) {
  HttpSink sink;
  HttpRequest request = Post("/", "0123456789");
  request.chunk_size = 3;
  ASSERT_TRUE(Fetch(sink.port(), request));
  EXPECT_EQ(sink.requests().at(0).body, "0123456789");
}

TEST(HttpSink, AnswersAsTheScriptSays) {
  HttpSink sink([](const SinkRequest& request) {
    if (request.target == "/close") return Answer{.kind = Answer::Kind::Close};
    return Answer{.status = 503, .headers = {{"Retry-After", "7"}}, .body = "later"};
  });
  const auto reply = Fetch(sink.port(), Post("/", ""));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 503);
  EXPECT_EQ(reply->headers.Find("retry-after"), "7");
  EXPECT_EQ(reply->body, "later");
  EXPECT_FALSE(Fetch(sink.port(), Post("/close", "")));
}

TEST(HttpSink, HangsUntilReleased) {
  HttpSink sink([](const SinkRequest&) { return Answer{.kind = Answer::Kind::Hang}; });
  std::optional<Response> reply;
  std::jthread client([&] { reply = Fetch(sink.port(), Post("/", "")); });
  ASSERT_EQ(sink.WaitForRequests(1).size(), 1U);
  sink.Release();
  client.join();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
}

TEST(HttpSink, EndsWhileClientsHang) {
  UniqueFd client;
  {
    HttpSink sink([](const SinkRequest&) { return Answer{.kind = Answer::Kind::Hang}; });
    client = ConnectToLoopback(sink.port());
    SendAll(client, Serialised(Post("/", "")));
    ASSERT_EQ(sink.WaitForRequests(1).size(), 1U);
  }
  SUCCEED();
}

TEST(HttpSink, WaitsNoLongerThanTold) {
  HttpSink sink;
  EXPECT_TRUE(sink.WaitForRequests(1, milliseconds(10)).empty());
}

TEST(Process, GivesBackWhatTheChildWroteAndHowItEnded) {
  const Finished done = RunToEnd({.argv = {"sh", "-c", "cat; echo $X >&2; exit 3"},
                                  .environment = {"X=from the environment"},
                                  .stdin_text = "from stdin"});
  EXPECT_EQ(done.code, 3);
  EXPECT_EQ(done.out, "from stdin");
  EXPECT_EQ(done.err, "from the environment\n");
}

TEST(Process, StopInsistsWhenTheChildIgnoresSigterm) {
  Process child({.argv = {"sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"}});
  ASSERT_TRUE(Deadline(seconds(10)).Until([&] { return child.out() == "ready\n"; }));
  EXPECT_EQ(child.Stop(milliseconds(50)).signal, SIGKILL);
}

TEST(Process, InheritsNothingButTheSocketItIsGiven) {
  const TempDir dir;
  const UniqueFd listener = ListenOnUnix(dir.path() / "s");
  const UniqueFd other(dup(listener.get()));  // not closed by exec
  const Finished done = RunToEnd(
      {.argv = {"sh", "-c", "ls /proc/$$/fd; readlink /proc/$$/fd/0"}, .stdin_fd = listener.get()});
  EXPECT_THAT(done.out, testing::StartsWith("0\n1\n2\n"));
  EXPECT_THAT(done.out, HasSubstr("socket:["));
  EXPECT_THAT(done.out, testing::Not(HasSubstr("\n3\n")));
}

TEST(FcgiClient, EncodesRecordsAsTheSpecificationDoes) {
  using std::string_literals::operator""s;
  EXPECT_EQ(FcgiRecord(FcgiType::Stdin, "ab", 258), "\x01\x05\x01\x02\x00\x02\x00\x00"s + "ab");
  EXPECT_EQ(FcgiBegin(KeepConnection::Yes),
            "\x01\x01\x00\x01\x00\x08\x00\x00\x00\x01\x01\x00\x00\x00\x00\x00"s);
  EXPECT_EQ(FcgiEncoded({{"A", "bc"}}), "\x01\x02"s + "Abc");
  EXPECT_EQ(FcgiEncoded({{"A", std::string(300, 'x')}}).substr(0, 5), "\x01\x80\x00\x01\x2c"s);
}

TEST(FcgiClient, ReadsAReplyThatComesInPieces) {
  const TempDir dir;
  const UniqueFd listener = ListenOnUnix(dir.path() / "s");
  FcgiClient client(dir.path() / "s");
  const UniqueFd server(accept(listener.get(), nullptr, nullptr));
  const std::string reply = FcgiRecord(FcgiType::Stdout, "Status: 422 No\r\n\r\nwhy") +
                            FcgiRecord(FcgiType::Stderr, "log") +
                            FcgiRecord(FcgiType::End, std::string(8, '\0'));
  std::jthread sender([&] {
    for (const char byte : reply) SendAll(server, {&byte, 1});
  });
  const auto read = client.ReadReply();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->status(), 422);
  EXPECT_EQ(read->body(), "why");
  EXPECT_EQ(read->err, "log");
}

}  // namespace
}  // namespace relay::test
