#include "action/header_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "unit/action/mail_lines.h"

namespace relay {
namespace {

using testing::SizeIs;

TEST(TextField, KeepsPlainTextAsItIs) {
  EXPECT_EQ(TextField("Subject", "Session 4711 is closed"), "Subject: Session 4711 is closed\r\n");
  EXPECT_EQ(TextField("Subject", "two  spaces: (kept), \"quoted\""),
            "Subject: two  spaces: (kept), \"quoted\"\r\n");
  EXPECT_EQ(TextField("X-Empty", ""), "X-Empty:\r\n");
}

TEST(TextField, FoldsAtSpacesSoThatNoneIsLost) {
  const std::string word(30, 'x');
  const std::string text = word + " " + word + "   " + word + " " + word;
  const std::string field = TextField("Subject", text);
  EXPECT_EQ(field, "Subject: " + word + " " + word + "\r\n   " + word + " " + word + "\r\n");
  EXPECT_EQ(Unfolded(field), "Subject: " + text);
}

TEST(TextField, EncodesWhatAsciiCannotSay) {
  EXPECT_EQ(TextField("Subject", "Grüße"), "Subject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n");
}

TEST(TextField, EncodesWhatWouldBeLostOrReadAsSomethingElse) {
  for (const std::string text :
       {" leading", "trailing ", "tab\there", "=?UTF-8?Q?not_one?=", "bell\a", "\x7F"}) {
    const std::string field = TextField("Subject", text);
    EXPECT_TRUE(field.starts_with("Subject: =?UTF-8?B?")) << field;
    EXPECT_EQ(DecodedWords(field), text);
  }
}

TEST(TextField, NeverBeginsAnotherField) {
  const std::string text = "x\r\nBcc: evil@example.com\r\n\r\nbody";
  const std::string field = TextField("Subject", text);
  EXPECT_THAT(LinesOf(field), SizeIs(1));
  EXPECT_EQ(DecodedWords(field), text);
}

TEST(TextField, SplitsNoCharacterAndKeepsWordsAndLinesShort) {
  // Of one to four bytes, with every shift against the end of a word.
  for (const std::string character : {"a", "ü", "谢", "😀"}) {
    for (std::size_t before = 0; before < 8; ++before) {
      std::string text = "ü" + std::string(before, 'x');
      for (int i = 0; i < 100; ++i) text += character;
      const std::string field = TextField("Subject", text);
      EXPECT_EQ(DecodedWords(field), text);
      for (const std::string& word : WordsOf(field)) {
        EXPECT_LE(word.size(), 75u);
        EXPECT_TRUE(IsUtf8(DecodedWords("X: " + word))) << word;
      }
      for (const std::string& line : LinesOf(field)) EXPECT_LE(line.size(), 76u);
    }
  }
}

TEST(TextField, EncodesAWordThatIsLongerThanALine) {
  const std::string text(3000, 'x');
  const std::string field = TextField("Subject", text);
  EXPECT_EQ(DecodedWords(field), text);
  for (const std::string& line : LinesOf(field)) EXPECT_LE(line.size(), 76u);
}

TEST(TextField, KeepsLinesShortUnderALongName) {
  const std::string name(60, 'N');
  for (const std::string& line : LinesOf(TextField(name, "Grüße an alle, die es angeht"))) {
    EXPECT_LE(line.size(), 76u);
  }
}

}  // namespace
}  // namespace relay
