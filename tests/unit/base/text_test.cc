#include "base/text.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

TEST(Text, LowersAsciiOnly) {
  EXPECT_EQ(ToLower("TechID Å"), "techid Å");
}

TEST(Text, ComparesWithoutRegardToCase) {
  EXPECT_TRUE(EqualsIgnoringCase("SessionID", "sessionid"));
  EXPECT_FALSE(EqualsIgnoringCase("SessionID", "sessioni"));
  EXPECT_FALSE(EqualsIgnoringCase("Notes", "Note5"));
}

TEST(Text, TrimsSpaceTabAndLineBreaks) {
  EXPECT_EQ(Trim(" \t\r\na b\n "), "a b");
  EXPECT_EQ(Trim(" \r\n"), "");
  EXPECT_EQ(Trim(""), "");
}

TEST(Text, KnowsUtf8) {
  for (const std::string_view text :
       {std::string_view(""), std::string_view("plain"), std::string_view("é € 😀"),
        std::string_view("\0", 1), std::string_view("\xED\x9F\xBF"),
        std::string_view("\xEE\x80\x80"), std::string_view("\xF4\x8F\xBF\xBF")})
    EXPECT_TRUE(IsUtf8(text)) << text;
}

TEST(Text, KnowsWhatIsNotUtf8) {
  const struct {
    const char* why;
    std::string_view text;
  } rows[] = {
      {"a byte of windows-1252", "caf\xE9"},
      {"a continuation byte alone", "\x80"},
      {"cut short", "\xE2\x82"},
      {"cut short by other text", "\xE2\x82z"},
      {"overlong, two bytes", "\xC0\xAF"},
      {"overlong, three bytes", "\xE0\x80\xAF"},
      {"overlong, four bytes", "\xF0\x8F\xBF\xBF"},
      {"a surrogate", "\xED\xA0\x80"},
      {"above U+10FFFF", "\xF4\x90\x80\x80"},
      {"five bytes", "\xF8\x88\x80\x80\x80"},
      {"never a byte of UTF-8", "\xFF"},
  };
  for (const auto& row : rows) EXPECT_FALSE(IsUtf8(row.text)) << row.why;
}

TEST(Text, FindsTheNearestSpelling) {
  const std::vector<std::string> keys{"url", "method", "headers"};
  EXPECT_EQ(Nearest("ulr", keys), "url");
  EXPECT_EQ(Nearest("metod", keys), "method");
  EXPECT_EQ(Nearest("timeout", keys), "");
  EXPECT_EQ(Nearest("xy", {"ab"}), "");
}

TEST(Text, MasksWhatWouldSteerATerminalAndNothingElse) {
  EXPECT_EQ(MaskControls("a\x1B[31m\r\n\tb\x7F", ' '), "a [31m   b ");
  EXPECT_EQ(MaskControls("a\x1B[31m\n\tb", '?', "\n\t"), "a?[31m\n\tb");
  EXPECT_EQ(MaskControls("a\xC2\x9B"
                         "31m",
                         '?'),
            "a?31m");
  EXPECT_EQ(MaskControls("Zo\u00EB \u00A0\u20AC", '?'), "Zo\u00EB \u00A0\u20AC");
  EXPECT_EQ(MaskControls("\xC2", '?'), "\xC2");
}

}  // namespace
}  // namespace relay
