// A kept connection that breaks after a request was sent, and before its answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "action/http_client.h"
#include "support/http_sink.h"

namespace relay {
namespace {

using test::Answer;
using test::HttpSink;
using test::SinkRequest;

struct ResendRow {
  const char* method;
  std::optional<std::string> body;
};

// Answers the first request and keeps the connection; never answers another.
class BreaksLater {
 public:
  BreaksLater() { EXPECT_TRUE(std::holds_alternative<HttpAnswer>(Send({"GET", std::nullopt}))); }

  std::variant<HttpAnswer, SendError> Send(const ResendRow& row) {
    HttpRequest request;
    request.method = row.method;
    request.url = sink_.Url("/notes");
    request.body = row.body;
    request.timeout = std::chrono::seconds(10);
    return client_.Send(request);
  }

  std::size_t requests() const { return sink_.requests().size(); }

 private:
  std::atomic<bool> answered_ = false;
  HttpSink sink_{[this](const SinkRequest&) {
    return Answer{.kind = answered_.exchange(true) ? Answer::Kind::Close : Answer::Kind::Reply};
  }};
  const std::atomic<bool> never_ = false;
  HttpClient client_{never_};
};

TEST(Resend, ARequestThatMayHaveWrittenIsNotSentTwice) {
  const ResendRow rows[] = {{"POST", "{}"},         {"POST", std::string(3 << 20, 'x')},
                            {"POST", std::nullopt}, {"PUT", "{}"},
                            {"PATCH", "{}"},        {"DELETE", std::nullopt}};
  for (const ResendRow& row : rows) {
    BreaksLater server;
    const auto sent = server.Send(row);
    ASSERT_TRUE(std::holds_alternative<SendError>(sent)) << row.method;
    EXPECT_EQ(std::get<SendError>(sent).failure, SendFailure::Unreachable) << row.method;
    EXPECT_EQ(server.requests(), 2u) << row.method;
  }
}

TEST(Resend, ABodyArrivesWhole) {
  for (const std::string& body : {std::string(), std::string("{}"), std::string(3 << 20, 'x')}) {
    HttpSink sink;
    const std::atomic<bool> never = false;
    HttpRequest request;
    request.method = "POST";
    request.url = sink.Url("/");
    request.body = body;
    request.timeout = std::chrono::seconds(10);
    const auto sent = HttpClient(never).Send(request);
    ASSERT_TRUE(std::holds_alternative<HttpAnswer>(sent));
    EXPECT_TRUE(sink.requests().front().body == body) << body.size();
  }
}

}  // namespace
}  // namespace relay
