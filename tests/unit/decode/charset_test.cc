#include "decode/charset.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace relay {
namespace {

std::string NameOf(const std::optional<Charset>& charset) {
  return charset ? charset->iconv_name : "none";
}

TEST(Charset, KnowsTheAllowListByItsCommonSpellings) {
  const struct {
    std::string_view label, name;
  } rows[] = {
      {"utf-8", "UTF-8"},
      {"UTF8", "UTF-8"},
      {" utf-8 ", "UTF-8"},
      {"utf-16", "UTF-8"},
      {"us-ascii", "CP1252"},
      {"ISO-8859-1", "CP1252"},
      {"latin1", "CP1252"},
      {"Windows-1252", "CP1252"},
      {"cp1252", "CP1252"},
      {"windows-1250", "CP1250"},
      {"windows-1258", "CP1258"},
      {"ISO-8859-2", "ISO-8859-2"},
      {"iso8859-15", "ISO-8859-15"},
      {"ISO_8859-16", "ISO-8859-16"},
      {"KOI8-R", "KOI8-R"},
  };
  for (const auto& row : rows) EXPECT_EQ(NameOf(FindCharset(row.label)), row.name) << row.label;
}

TEST(Charset, RefusesEverythingElse) {
  for (const std::string_view label :
       {"", "utf-7", "shift_jis", "iso-8859-0", "iso-8859-12", "iso-8859-17", "iso-8859-2x",
        "windows-1249", "windows-1259", "windows-", "utf-8//TRANSLIT", "ebcdic-us", "utf-32"})
    EXPECT_EQ(NameOf(FindCharset(label)), "none") << label;
}

TEST(Charset, EverySetOfTheAllowListCanBeConverted) {
  for (int part = 2; part <= 16; ++part) {
    if (part == 12) continue;
    const auto charset = FindCharset("iso-8859-" + std::to_string(part));
    EXPECT_EQ(ToUtf8("a", *charset), "a") << part;
  }
  for (int page = 1250; page <= 1258; ++page)
    EXPECT_EQ(ToUtf8("a", *FindCharset("windows-" + std::to_string(page))), "a") << page;
  EXPECT_EQ(ToUtf8("\xF0\xD2\xC9", *FindCharset("koi8-r")), "При");
}

TEST(Charset, IsFoundInTheContentType) {
  const struct {
    std::string_view type, name;
  } rows[] = {
      {"text/xml; charset=koi8-r", "KOI8-R"},
      {"text/xml;Charset=\"ISO-8859-2\"; x=y", "ISO-8859-2"},
      {"text/xml; a=b; charset=windows-1251 ; c", "CP1251"},
      {"text/xml; CHARSET='koi8-r'", "KOI8-R"},
      {"text/xml; charset = koi8-r", "KOI8-R"},
      {"text/xml; a=\";charset=cp1251\"; charset=koi8-r", "KOI8-R"},
      {"text/xml; charset=", "none"},
      {"text/xml; charset='", "none"},
      {"text/xml; charset=klingon", "none"},
      {"text/xml; xcharset=koi8-r", "none"},
      {"charset=koi8-r", "none"},
      {"", "none"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(NameOf(CharsetOfContentType(row.type)), row.name) << row.type;
}

TEST(Charset, GivesEveryByteOfWindows1252AMeaning) {
  EXPECT_EQ(ToUtf8("\x80 \x93\x94 \xE9 \x9F", Windows1252()), "€ “” é Ÿ");
  EXPECT_EQ(ToUtf8("\x81", Windows1252()), "\xC2\x81");
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_TRUE(IsUtf8(*ToUtf8(all, Windows1252())));
}

TEST(Charset, AgreesWithIconvOnWindows1252) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    // Asked in lower case, so that the conversion goes through iconv.
    const auto expected = ToUtf8(text, Charset{"cp1252"});
    if (expected) {
      EXPECT_EQ(ToUtf8(text, Windows1252()), *expected) << byte;
    }
  }
}

TEST(Charset, HasNoTextForBytesWithoutMeaning) {
  EXPECT_EQ(ToUtf8("caf\xE9", Utf8()), std::nullopt);
  EXPECT_EQ(ToUtf8("\xD2", *FindCharset("windows-1253")), std::nullopt);
  EXPECT_EQ(ToUtf8(std::string_view("\x3D\xD8", 2), Charset{"UTF-16LE"}), std::nullopt);
  EXPECT_EQ(ToUtf8(std::string_view("a\0b", 3), Charset{"UTF-16LE"}), std::nullopt);
  EXPECT_EQ(ToUtf8("a", Charset{"no such set"}), std::nullopt);
}

TEST(Charset, ConvertsMoreThanOneBufferful) {
  const std::string bytes(100'000, '\xE1');
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) text += "б";
  EXPECT_EQ(ToUtf8(bytes, *FindCharset("windows-1251")), text);
}

}  // namespace
}  // namespace relay
