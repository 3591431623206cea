#include "config/smtp_url.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

TEST(SmtpUrl, IsTakenApartAndPutTogether) {
  for (const char* text :
       {"smtp://mail.example", "smtp://mail.example:587", "smtps://mail.example:465",
        "smtp://192.0.2.1:25", "smtp://[2001:db8::1]", "smtp://[::1]:587", "smtp://localhost",
        "smtp://mail.example:587/relay.example", "smtp://mail_1.example/[192.0.2.1]"}) {
    const auto url = ParseSmtpUrl(text);
    ASSERT_TRUE(url) << text;
    EXPECT_EQ(url->Text(), text);
  }
  EXPECT_EQ(ParseSmtpUrl("SMTPS://mail.example")->Text(), "smtps://mail.example");
  EXPECT_TRUE(ParseSmtpUrl("smtps://mail.example")->tls_from_the_start);
}

TEST(SmtpUrl, WithMistakesIsRefused) {
  for (const char* text : {"",
                           "mail.example",
                           "mail.example:587",
                           "http://mail.example",
                           "smtp:mail.example",
                           "smtp://",
                           "smtp:///relay.example",
                           "smtp://:587",
                           "smtp://mail example",
                           "smtp://user@mail.example",
                           "smtp://user:secret@mail.example",
                           "smtp://mail.example:",
                           "smtp://mail.example:0",
                           "smtp://mail.example:65536",
                           "smtp://mail.example:58x",
                           "smtp://a:b:587",
                           "smtp://[::1",
                           "smtp://::1",
                           "smtp://[]",
                           "smtp://mail.example?x",
                           "smtp://mail.example#x",
                           "smtp://{{ .TechName }}",
                           "smtp://mail.example/a/b",
                           "smtp://mail.example/\r\nMAIL",
                           "smtp://mail\n.example"}) {
    EXPECT_FALSE(ParseSmtpUrl(text)) << text;
  }
}

}  // namespace
}  // namespace relay
