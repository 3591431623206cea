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

TEST(OdbcQuoted, KeepsWhateverAPasswordHolds) {
  EXPECT_EQ(OdbcQuoted("a;b={c}"), "{a;b={c}}}");
  EXPECT_EQ(OdbcQuoted(" a"), "{ a}");
  EXPECT_EQ(OdbcQuoted(""), "{}");
  EXPECT_EQ(OdbcQuoted("relay"), "relay");
}

}  // namespace
}  // namespace relay
