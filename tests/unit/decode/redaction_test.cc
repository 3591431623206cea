#include "decode/redaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "decode/decode.h"
#include "decode/encode_form.h"

namespace relay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// As docs/configuration.md recommends them.
constexpr const char* kCard = R"(\b(?:\d[ -]?){12,18}\d\b)";
constexpr const char* kPassword = R"((?i)(pass(?:word|code)?\s*[:=]\s*)\S+)";

struct RuleText {
  std::string pattern;
  std::string with = "[removed]";
  std::vector<std::string> in = {};
};

Redaction Of(const std::vector<RuleText>& texts, std::vector<std::string> drop = {}) {
  Redaction redaction;
  for (const RuleText& text : texts) {
    auto rule = RedactionRule::Make(text.pattern, text.with, text.in);
    if (!rule) throw std::runtime_error(rule.error().message);
    redaction.rules.push_back(std::move(*rule));
  }
  redaction.drop = std::move(drop);
  return redaction;
}

const Redaction kUsual = Of({{kCard, "[card number]"}, {kPassword, R"(\1[removed])"}});

// What is kept of a chat; "" where nothing had to be taken out.
std::string Kept(const std::string& chat) {
  const auto fields = Redact(kUsual, Fields(FieldList{{"ChatLog", chat}}));
  return fields ? fields->all().at(0).value : "";
}

std::string MistakeOf(const std::string& pattern, const std::string& with = "x") {
  const auto rule = RedactionRule::Make(pattern, with, {});
  return rule ? "" : rule.error().message;
}

TEST(Redaction, TakesOutWhatThePatternsMatch) {
  const std::pair<const char*, const char*> rows[] = {
      {"my card is 4111 1111 1111 1111, ok?", "my card is [card number], ok?"},
      {"4111-1111-1111-1111", "[card number]"},
      {"378282246310005 and 6011000990139424", "[card number] and [card number]"},
      {"Password: hunter2 thanks", "Password: [removed] thanks"},
      {"PASSWORD=hünter2", "PASSWORD=[removed]"},
      {"passcode : 1\r\npass: 2", "passcode : [removed]\r\npass: [removed]"},
  };
  for (const auto& [chat, kept] : rows) EXPECT_EQ(Kept(chat), kept);
}

TEST(Redaction, LeavesTheRest) {
  for (const char* chat : {"", "hello", "call 555 0100", "case 123456789012", "10:00 AM 11:00 AM",
                           "what is the password?", "password:"}) {
    EXPECT_EQ(Kept(chat), "") << chat;
  }
}

TEST(Redaction, StaysWithinALine) {
  EXPECT_EQ(Kept("password:\nhello"), "");
  EXPECT_EQ(Kept("4111 1111\n1111 1111"), "");
}

TEST(Redaction, LeavesTheNamesOfASessionAndACaseUnlessTold) {
  const Fields fields({{"sessionid", "4111111111111111"},
                       {"Tracking0", "4111111111111111"},
                       {"CField0", "4111111111111111"},
                       {"note", "4111111111111111"},
                       {"Unknown", "4111111111111111"}});
  const auto usual = Redact(kUsual, fields);
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->all().at(0).value, "4111111111111111");
  EXPECT_EQ(usual->all().at(1).value, "4111111111111111");
  for (const std::size_t i : {2u, 3u, 4u}) EXPECT_EQ(usual->all().at(i).value, "[card number]");
  const auto told = Redact(Of({{kCard, "x", {"tracking0", "Notes"}}}), fields);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->all().at(1).value, "x");
  EXPECT_EQ(told->all().at(2).value, "4111111111111111");
  EXPECT_EQ(told->all().at(3).value, "x");
}

TEST(Redaction, DropsVariables) {
  const auto kept = Redact(Of({}, {"tsurvey0", "Notes"}),
                           Fields({{"SessionID", "1"}, {"TSurvey0", "bad"}, {"Note", "n"}}));
  ASSERT_TRUE(kept);
  EXPECT_THAT(kept->all(), ElementsAre(Field{"SessionID", "1"}));
  EXPECT_FALSE(Redact(Of({}, {"TSurvey0"}), Fields(FieldList{{"SessionID", "1"}})));
}

TEST(Redaction, WhatIsKeptReadsTheSameAsAForm) {
  const Fields fields({{"SessionID", "1"},
                       {"A", "ü & = + % \r\n\t"},
                       {"A", ""},
                       {"B c", "pass: x"},
                       {"", "no name"}});
  const auto kept = Redact(kUsual, fields);
  ASSERT_TRUE(kept);
  RawPost raw;
  raw.content_type = "application/x-www-form-urlencoded; charset=utf-8";
  raw.body = EncodeForm(kept->all());
  const auto read = Decode(raw);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, *kept);
}

TEST(Redaction, TakesTimeLinearInTheTextWhateverIsInIt) {
  // jq's gsub needs half a minute for a quarter MiB of the first of them.
  for (const char* piece : {"call 4111111111111111 ok ", "password: ", "1", "1 ", "pass"}) {
    std::string chat;
    while (chat.size() < (std::size_t{4} << 20)) chat += piece;
    Kept(chat);
  }
}

TEST(Redaction, SaysWhatIsWrongWithARule) {
  EXPECT_THAT(MistakeOf("("), HasSubstr("pattern: "));
  EXPECT_THAT(MistakeOf("(?=x)"), HasSubstr("pattern: "));
  EXPECT_EQ(MistakeOf("x*"), "pattern: matches the empty text");
  EXPECT_EQ(MistakeOf(R"(a\C)"), R"(pattern: \C may cut a character)");
  EXPECT_THAT(MistakeOf("(x)", R"(\2)"), HasSubstr("with: "));
  EXPECT_THAT(MistakeOf("x", R"(\)"), HasSubstr("with: "));
  EXPECT_THAT(MistakeOf("(x)y", R"(\1)"), IsEmpty());
}

}  // namespace
}  // namespace relay
