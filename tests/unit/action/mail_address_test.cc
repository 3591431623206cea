#include "action/mail_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/action/mail_lines.h"

namespace relay {
namespace {

using testing::Eq;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

struct Good {
  const char* text;
  const char* name;
  const char* address;
};

constexpr Good kGood[] = {
    {"a@b", "", "a@b"},
    {"  ada@example.com ", "", "ada@example.com"},
    {"<ada@example.com>", "", "ada@example.com"},
    {"Ada <ada@example.com>", "Ada", "ada@example.com"},
    {"Ada<ada@example.com>", "Ada", "ada@example.com"},
    {"Example, Ada <ada@example.com>", "Example, Ada", "ada@example.com"},
    {"\"Example, Ada\" <ada@example.com>", "Example, Ada", "ada@example.com"},
    {R"("Ada \"the\" \\ Example" <ada@example.com>)", R"(Ada "the" \ Example)", "ada@example.com"},
    {R"("Ada "the" Example" <ada@example.com>)", R"(Ada "the" Example)", "ada@example.com"},
    {"\" <ada@example.com>", "\"", "ada@example.com"},
    {"Ada (away) <ada@example.com>", "Ada (away)", "ada@example.com"},
    {"ada@example.com <ada@example.com>", "ada@example.com", "ada@example.com"},
    {"Søren Ægir 😀 <s@example.com>", "Søren Ægir 😀", "s@example.com"},
    {"first.last+tag!#$%&'*/=?^_`{|}~-@sub.example-1.com", "",
     "first.last+tag!#$%&'*/=?^_`{|}~-@sub.example-1.com"},
    {"søren@bücher.example", "", "søren@bücher.example"},
    {"a@[192.0.2.1]", "", "a@[192.0.2.1]"},
    {"a@[IPv6:2001:db8::1]", "", "a@[IPv6:2001:db8::1]"},
    {"a@host_with.underscore", "", "a@host_with.underscore"},
};

TEST(ParseMailbox, TakesAnAddressWithOrWithoutAName) {
  for (const Good& row : kGood) {
    const auto parsed = ParseMailbox(row.text);
    ASSERT_TRUE(parsed) << row.text;
    ASSERT_TRUE(*parsed) << row.text;
    EXPECT_EQ((*parsed)->name, row.name) << row.text;
    EXPECT_EQ((*parsed)->address, row.address) << row.text;
  }
}

TEST(ParseMailbox, FindsNothingWhereThereIsNoAddress) {
  for (const char* text : {"", "  ", "<>", "Ada <>", "\"Ada\" < >"}) {
    const auto parsed = ParseMailbox(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_FALSE(*parsed) << text;
  }
}

TEST(ParseMailbox, RefusesWhatIsNotExactlyOneMailbox) {
  const std::string long_local(65, 'a');
  const std::string long_domain(256, 'a');
  const std::vector<std::string> bad{
      "ada",
      "@example.com",
      "ada@",
      "ada@@example.com",
      "a@b@c",
      "a@b, c@d",
      "a@b,",
      "a@b c@d",
      "a@b; c@d",
      "a@b>",
      "<a@b",
      "a@b <c@d> e@f",
      "<a@b> <c@d>",
      "Ada <a@b>, Bob <c@d>",
      "x <evil@d> <a@b>",
      "evil@d> <a@b>",
      "Ada <<a@b>>",
      "Ada <a@b> (comment)",
      "Ada <a@b,c@d>",
      "Ada <a@b>;",
      "group: a@b;",
      "mailto:a@b",
      "\"ada lovelace\"@example.com",
      "ada lovelace@example.com",
      "ada@exam ple.com",
      ".ada@example.com",
      "ada.@example.com",
      "a..da@example.com",
      "ada@example..com",
      "ada@.example.com",
      "ada@example.com.",
      "a(b)@example.com",
      "ada@exa(m)ple.com",
      "ada@exam/ple.com",
      "ada@[192.0.2.1",
      "ada@[]",
      "ada@[a]b]",
      "ada\\@example.com",
      "<a@b>\r\nBcc: <c@d>",
      "Ada\r\n <a@b>",
      "Ada\n<a@b>",
      "Ada\t<a@b>",
      std::string("Ada\0<a@b>", 9),
      std::string("a@b\0", 4),
      "Ada\x7F <a@b>",
      "ada@example.com\r\nRCPT TO:<c@d>",
      "\xFF@example.com",
      "Ad\xC3 <a@b>",
      long_local + "@b",
      "a@" + long_domain,
  };
  for (const std::string& text : bad) {
    const auto parsed = ParseMailbox(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().kind, ErrorKind::Permanent);
    EXPECT_THAT(parsed.error().message, Not(HasSubstr("@"))) << text;
  }
}

TEST(ParseMailbox, NamesTheDomain) {
  EXPECT_EQ((Mailbox{"", "a@b.example"}.domain()), "b.example");
}

struct Field {
  std::vector<Mailbox> mailboxes;
  const char* text;
};

TEST(MailboxField, QuotesOrEncodesNamesAsTheyNeedIt) {
  const Field rows[] = {
      {{{"", "a@b"}}, "To: a@b\r\n"},
      {{{"Ada", "a@b"}}, "To: Ada <a@b>\r\n"},
      {{{"Ada Example", "a@b"}}, "To: \"Ada Example\" <a@b>\r\n"},
      {{{"Example, Ada", "a@b"}}, "To: \"Example, Ada\" <a@b>\r\n"},
      {{{R"(A "B" \ C)", "a@b"}}, "To: \"A \\\"B\\\" \\\\ C\" <a@b>\r\n"},
      {{{"Søren", "a@b"}}, "To: =?UTF-8?B?U8O4cmVu?= <a@b>\r\n"},
      {{{"=?UTF-8?Q?x?=", "a@b"}}, "To: =?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?= <a@b>\r\n"},
      {{{"", "a@b"}, {"Bob", "c@d"}}, "To: a@b, Bob <c@d>\r\n"},
  };
  for (const Field& row : rows) EXPECT_THAT(MailboxField("To", row.mailboxes), Eq(row.text));
}

TEST(MailboxField, FoldsALongListAndLosesNothing) {
  const std::vector<Mailbox> many(5, {"Ada Example", "ada.example@mail.example.com"});
  const std::string field = MailboxField("To", many);
  const std::string one = " \"Ada Example\" <ada.example@mail.example.com>";
  EXPECT_EQ(Unfolded(field), "To:" + one + "," + one + "," + one + "," + one + "," + one);
  EXPECT_THAT(LinesOf(field), SizeIs(testing::Gt(3u)));
  for (const std::string& line : LinesOf(field)) EXPECT_LE(line.size(), 78u);
}

TEST(MailboxField, SplitsALongNameIntoEncodedWords) {
  const std::string name(500, 'x');
  const std::string field = MailboxField("From", {{name, "a@b"}});
  EXPECT_EQ(DecodedWords(field), name);
  EXPECT_TRUE(field.ends_with(" <a@b>\r\n"));
  for (const std::string& line : LinesOf(field)) EXPECT_LE(line.size(), 78u);
}

}  // namespace
}  // namespace relay
