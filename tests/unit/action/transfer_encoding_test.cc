#include "action/transfer_encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "unit/action/mail_lines.h"

namespace relay {
namespace {

std::string Decoded(const EncodedText& encoded) {
  return encoded.name == std::string("base64") ? DecodedBase64(encoded.lines)
                                               : DecodedQuotedPrintable(encoded.lines);
}

void ExpectPassesAnyServer(const EncodedText& encoded) {
  for (const std::string& line : LinesOf(encoded.lines)) {
    EXPECT_LE(line.size(), 76u);
    EXPECT_FALSE(line.starts_with(".")) << line;
    EXPECT_FALSE(line.starts_with("From ")) << line;
    EXPECT_FALSE(line.ends_with(" ") || line.ends_with("\t")) << line;
    for (const char c : line) EXPECT_TRUE((c >= ' ' && c < 0x7F) || c == '\t') << line;
  }
}

struct EncodingRow {
  std::string text;
  std::string lines;
};

TEST(EncodeText, WritesTextSoThatPeopleCanStillReadIt) {
  const EncodingRow rows[] = {
      {"", ""},
      {"one\ntwo\r\nthree", "one\r\ntwo\r\nthree"},
      {"1 + 1 = 2", "1 + 1 =3D 2"},
      {"blank at end \n\t\n", "blank at end=20\r\n=09\r\n"},
      {".\n..\nFrom me\n>From", "=2E\r\n=2E.\r\n=46rom me\r\n>From"},
      {"a long text of the usual letters, and one ü",
       "a long text of the usual letters, and one =C3=BC"},
      {std::string("nul\0 bell\a and \x7F! among others", 30),
       "nul=00 bell=07 and =7F! among others"},
      {"carriage\rreturn alone, and one\r\r\n", "carriage=0Dreturn alone, and one=0D\r\n"},
  };
  for (const EncodingRow& row : rows) {
    const EncodedText encoded = EncodeText(row.text);
    EXPECT_STREQ(encoded.name, "quoted-printable");
    EXPECT_EQ(encoded.lines, row.lines);
  }
}

TEST(EncodeText, BreaksLongLinesSoftly) {
  EXPECT_EQ(EncodeText(std::string(76, 'x')).lines, std::string(75, 'x') + "=\r\nx");
  EXPECT_EQ(EncodeText(std::string(75, 'x') + "From here").lines,
            std::string(75, 'x') + "=\r\n=46rom here");
  EXPECT_EQ(EncodeText(std::string(75, 'x') + ".").lines, std::string(75, 'x') + "=\r\n=2E");
  EXPECT_EQ(EncodeText(std::string(73, 'x') + "=").lines, std::string(73, 'x') + "=\r\n=3D");
}

TEST(EncodeText, TakesBase64WhereThatIsShorter) {
  const EncodedText encoded = EncodeText("谢谢！\n谢谢！");
  EXPECT_STREQ(encoded.name, "base64");
  EXPECT_EQ(encoded.lines, "6LCi6LCi77yBDQrosKLosKLvvIE=");
}

TEST(EncodeText, ComesBackAsItWas) {
  std::mt19937 random(7);
  const std::vector<std::string> pieces{"\r\n",    ".",        "From ", " ",
                                        "\t",      "=",        "ü",     "😀",
                                        "word",    "--",       "\r",    std::string(1, '\0'),
                                        "\x1B[2J", "</script>"};
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (auto count = random() % 60; count > 0; --count) text += pieces[random() % pieces.size()];
    const EncodedText encoded = EncodeText(text);
    EXPECT_EQ(Decoded(encoded), text);
    ExpectPassesAnyServer(encoded);
  }
}

}  // namespace
}  // namespace relay
