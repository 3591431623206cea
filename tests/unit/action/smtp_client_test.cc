// What becomes of a mail with servers that no real one is at will; e2e/mail_test has the real one.
#include "action/smtp_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "support/smtp_sink.h"
#include "support/sockets.h"

namespace relay {
namespace {

using Replies = test::SmtpSink::Replies;
using test::SmtpSink;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class SmtpClientTest : public testing::Test {
 protected:
  static SmtpRequest RequestTo(const SmtpSink& sink) {
    SmtpRequest request;
    request.url = sink.Url();
    request.starttls = StartTls::Off;
    request.from = "rescue@example.com";
    request.recipients = {"a@example.com", "b@example.com"};
    request.message = "Subject: x\r\n\r\n.dot\r\n";
    request.timeout = std::chrono::seconds(20);
    return request;
  }

  SmtpAnswer Answer(const std::string& command, const std::string& reply) {
    const SmtpSink sink(Replies{{command, reply}});
    SmtpClient client(stop_);
    return client.Send(RequestTo(sink));
  }

  std::atomic<bool> stop_{false};
};

TEST_F(SmtpClientTest, HandsAMailInAndTakesItsLeave) {
  const SmtpSink sink;
  SmtpClient client(stop_);
  const SmtpAnswer answer = client.Send(RequestTo(sink));
  EXPECT_EQ(answer.end, SmtpEnd::Accepted);
  EXPECT_THAT(sink.commands(), ElementsAre("EHLO", "MAIL", "RCPT", "RCPT", "DATA", ".", "QUIT"));
}

struct ClientRow {
  const char* command;
  const char* reply;
  SmtpEnd end;
  int code;
};

TEST_F(SmtpClientTest, TellsByWhichReplyItWasRefused) {
  const ClientRow rows[] = {
      {"", "554 go away", SmtpEnd::Refused, 554},
      {"", "421 too busy", SmtpEnd::Refused, 421},
      {"MAIL", "550 5.1.0 no", SmtpEnd::Refused, 550},
      {"MAIL", "530 5.7.0 log in", SmtpEnd::Refused, 530},
      {"RCPT", "550 5.1.1 no", SmtpEnd::Refused, 550},
      {"RCPT", "451 4.3.0 later", SmtpEnd::Refused, 451},
      {"RCPT", "421 4.3.2 closing", SmtpEnd::Refused, 421},
      {"DATA", "554 5.5.1 no", SmtpEnd::Refused, 554},
      {".", "554 5.6.0 no", SmtpEnd::Refused, 554},
      {".", "452 4.3.1 later", SmtpEnd::Refused, 452},
  };
  for (const ClientRow& row : rows) {
    const SmtpAnswer answer = Answer(row.command, row.reply);
    EXPECT_EQ(answer.end, row.end) << row.command << ": " << row.reply;
    EXPECT_EQ(answer.code, row.code) << row.command << ": " << row.reply;
    EXPECT_THAT(answer.said, HasSubstr(row.reply));
  }
}

TEST_F(SmtpClientTest, WithOneRefusedRecipientSendsToNobody) {
  const SmtpSink sink(Replies{{"RCPT TO:<b@example.com>", "550 no"}});
  SmtpClient client(stop_);
  client.Send(RequestTo(sink));
  EXPECT_THAT(sink.commands(), Not(Contains("DATA")));
}

TEST_F(SmtpClientTest, ALostConnectionIsNoRefusal) {
  for (const char* command : {"", "EHLO", "MAIL", "RCPT", "DATA", "."}) {
    const SmtpAnswer answer = Answer(command, SmtpSink::kClose);
    EXPECT_EQ(answer.end, SmtpEnd::Unreachable) << command;
    EXPECT_NE(answer.why, "") << command;
  }
}

TEST_F(SmtpClientTest, NobodyListeningIsUnreachable) {
  SmtpClient client(stop_);
  const SmtpSink sink;
  SmtpRequest request = RequestTo(sink);
  request.url = "smtp://127.0.0.1:" + std::to_string(test::FreePort());
  const SmtpAnswer answer = client.Send(request);
  EXPECT_EQ(answer.end, SmtpEnd::Unreachable);
  EXPECT_THAT(answer.why, HasSubstr("connect"));
}

TEST_F(SmtpClientTest, SilenceEndsWithTheTime) {
  for (const char* command : {"", "RCPT", "."}) {
    const SmtpSink sink(Replies{{command, SmtpSink::kHang}});
    SmtpClient client(stop_);
    SmtpRequest request = RequestTo(sink);
    request.timeout = std::chrono::milliseconds(200);
    const SmtpAnswer answer = client.Send(request);
    EXPECT_EQ(answer.end, SmtpEnd::Unreachable) << command;
    EXPECT_EQ(answer.why, "Timeout was reached") << command;
  }
}

TEST_F(SmtpClientTest, AServerThatDoesNotSayGoodbyeHasTheMailAllTheSame) {
  const SmtpSink sink(Replies{{"QUIT", SmtpSink::kHang}});
  SmtpClient client(stop_);
  SmtpRequest request = RequestTo(sink);
  request.timeout = std::chrono::milliseconds(500);
  EXPECT_EQ(client.Send(request).end, SmtpEnd::Accepted);
}

TEST_F(SmtpClientTest, StopsWhenTheProgramDoes) {
  const SmtpSink sink(Replies{{"RCPT", SmtpSink::kHang}});
  SmtpClient client(stop_);
  std::jthread stopping([&] {
    EXPECT_TRUE(test::Deadline(std::chrono::seconds(20)).Until([&] {
      return !sink.commands().empty() && sink.commands().back() == "RCPT";
    }));
    stop_ = true;
  });
  EXPECT_EQ(client.Send(RequestTo(sink)).end, SmtpEnd::Stopped);
}

TEST_F(SmtpClientTest, SendsNothingInTheClearUnlessToldTo) {
  const SmtpSink sink;
  SmtpClient client(stop_);
  SmtpRequest request = RequestTo(sink);
  request.starttls = StartTls::Required;
  request.login = {"relay", "secret"};
  const SmtpAnswer answer = client.Send(request);
  EXPECT_EQ(answer.end, SmtpEnd::Insecure);
  EXPECT_THAT(answer.why, HasSubstr("STARTTLS"));
  EXPECT_THAT(sink.commands(), ElementsAre("EHLO"));
}

TEST_F(SmtpClientTest, RefusedStartTlsIsNoRefusalOfTheMail) {
  const SmtpSink sink(Replies{{"EHLO", "250-sink\r\n250 STARTTLS"}, {"STARTTLS", "502 not today"}});
  SmtpClient client(stop_);
  SmtpRequest request = RequestTo(sink);
  request.starttls = StartTls::Required;
  EXPECT_EQ(client.Send(request).end, SmtpEnd::Insecure);
}

TEST_F(SmtpClientTest, NoticesThatItCouldNotLogIn) {
  const SmtpSink without(Replies{{"RCPT", "550 no"}});
  const SmtpSink with(Replies{{"EHLO", "250-sink\r\n250 AUTH PLAIN"}, {"RCPT", "550 no"}});
  SmtpClient client(stop_);
  SmtpRequest request = RequestTo(without);
  EXPECT_TRUE(client.Send(request).logged_in);
  request.login = {"relay", "secret"};
  EXPECT_FALSE(client.Send(request).logged_in);
  request.url = with.Url();
  EXPECT_TRUE(client.Send(request).logged_in);
}

TEST_F(SmtpClientTest, ARefusedLoginIsToldFromARefusedMail) {
  const SmtpSink sink(Replies{{"EHLO", "250-sink\r\n250 AUTH PLAIN"}, {"AUTH", "535 5.7.8 wrong"}});
  SmtpClient client(stop_);
  SmtpRequest request = RequestTo(sink);
  request.login = {"relay", "secret"};
  const SmtpAnswer answer = client.Send(request);
  EXPECT_EQ(answer.end, SmtpEnd::LoginRefused);
  EXPECT_EQ(answer.code, 535);
}

TEST_F(SmtpClientTest, ManyMailsOneAfterTheOtherAreAllTaken) {
  const SmtpSink sink;
  SmtpClient client(stop_);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.Send(RequestTo(sink)).end, SmtpEnd::Accepted);
}

}  // namespace
}  // namespace relay
