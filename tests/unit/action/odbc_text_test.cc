#include "action/odbc_text.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

TEST(OdbcText, IsUtf16) {
  EXPECT_EQ(OdbcText("a\xC3\xBC\xE8\xB0\xA2\xF0\x9F\x98\x80"), u"a\u00FC\u8C22\U0001F600");
}

TEST(OdbcText, HasAReplacementForWhatIsNotUtf8AndForNul) {
  for (const std::string_view wrong :
       {std::string_view("\0", 1), std::string_view("\x80"), std::string_view("\xC0\x80", 1),
        std::string_view("\xC3"), std::string_view("\xFF")}) {
    EXPECT_EQ(OdbcText(wrong), u"\uFFFD");
  }
  EXPECT_EQ(OdbcText("\xED\xA0\x80"), u"\uFFFD\uFFFD\uFFFD") << "a surrogate";
  EXPECT_EQ(OdbcText("\xE0\x80\xAF"), u"\uFFFD\uFFFD\uFFFD") << "too long a form";
}

TEST(TextOfOdbc, GivesBackWhatOdbcTextMade) {
  const std::string text =
      "a\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF";
  EXPECT_EQ(TextOfOdbc(OdbcText(text)), text);
}

TEST(TextOfOdbc, HasAReplacementForHalfAPair) {
  const char16_t high = 0xD83D;
  const char16_t low = 0xDE00;
  EXPECT_EQ(TextOfOdbc(std::u16string{high}), "\xEF\xBF\xBD");
  EXPECT_EQ(TextOfOdbc(std::u16string{low, high, u'a'}),
            "\xEF\xBF\xBD\xEF\xBF\xBD"
            "a");
}

TEST(OdbcQuoted, KeepsWhateverAPasswordHolds) {
  EXPECT_EQ(OdbcQuoted("a;b={c}"), "{a;b={c}}}");
  EXPECT_EQ(OdbcQuoted(" a"), "{ a}");
  EXPECT_EQ(OdbcQuoted(""), "{}");
  EXPECT_EQ(OdbcQuoted("relay"), "relay");
}

}  // namespace
}  // namespace relay
