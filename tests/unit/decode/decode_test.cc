#include "decode/decode.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/text.h"
#include "support/posts.h"

namespace relay {
namespace {

Fields MustDecode(const RawPost& post) {
  Result<Fields> fields = Decode(post);
  EXPECT_TRUE(fields) << (fields ? "" : fields.error().message);
  return fields ? *std::move(fields) : Fields();
}

// Field by field, without regard to the case of names.
FieldList Lowered(const Fields& fields) {
  FieldList lowered = fields.all();
  for (Field& field : lowered) field.name = ToLower(field.name);
  return lowered;
}

TEST(Decode, ReadsTheSameFromBothFormats) {
  for (const std::string name : {"1-started", "2-on-hold", "3-taken-over", "4-closed"}) {
    const Fields form = MustDecode(TestPost(name + ".form"));
    EXPECT_EQ(form.all().size(), 32u) << name;
    EXPECT_EQ(Lowered(form), Lowered(MustDecode(TestPost(name + ".xml")))) << name;
  }
}

TEST(Decode, ReadsTheSameFromEveryEncoding) {
  const Fields windows = MustDecode(TestPost("closed-windows-1252.xml"));
  EXPECT_EQ(windows, MustDecode(TestPost("closed-utf16.xml")));
  FieldList form = Lowered(MustDecode(TestPost("closed-us-dates.form")));
  for (Field& field : form) {  // XML has no CR in its text
    std::erase(field.value, '\r');
  }
  EXPECT_EQ(Lowered(windows), form);
  EXPECT_EQ(*windows.Find("CField2"), "Screen shows „¤¤¤“");
  EXPECT_EQ(*windows.Find("Notes"), "Checked the cable.\nLoaded a new profile.");
}

TEST(Decode, KeepsWhatPeopleTyped) {
  const Fields fields = MustDecode(TestPost("2-on-hold.form"));
  EXPECT_NE(fields.Find("ChatLog")->find("keep the 50% rebate <i>safe</i>\n"), std::string::npos);
  EXPECT_EQ(*fields.Find("CField4"), "+45 33 00 00 01");
}

TEST(Decode, ReadsCDataWithoutDeclaration) {
  const Fields fields = MustDecode(TestPost("closed-cdata-no-declaration.xml"));
  EXPECT_EQ(*fields.Find("Notes"), "x < y & z ø");
  EXPECT_EQ(fields.Find("ChatLog")->substr(0, 24), "2:44 PM Tomás Lindqvist");
  EXPECT_EQ(fields.Find("TechID"), nullptr);
}

TEST(Decode, GoesByTheBodyNotByItsType) {
  RawPost xml = TestPost("4-closed.xml");
  xml.content_type = "application/x-www-form-urlencoded";
  EXPECT_EQ(*MustDecode(xml).Find("SessionID"), "880011223");
  RawPost form = TestPost("4-closed.form");
  form.content_type = "text/xml";
  EXPECT_EQ(*MustDecode(form).Find("SessionID"), "880011223");
}

TEST(Decode, ReadsTheQueryOfAPostWithoutBody) {
  RawPost post;
  post.query = "SessionID=7";
  EXPECT_EQ(*MustDecode(post).Find("SessionID"), "7");
}

TEST(Decode, NamesTheFormatInItsErrors) {
  RawPost post;
  post.body = "<session>";
  EXPECT_EQ(Decode(post).error().message, "XML: ends inside an element");
  post.body = "a=%00";
  EXPECT_EQ(Decode(post).error().message, "form: holds a NUL character");
  post.body = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1";
  EXPECT_EQ(Decode(post).error().message, "multipart: ends without its closing boundary");
}

std::string Repeat(std::string_view text, std::size_t size) {
  std::string all;
  while (all.size() < size) all += text;
  return all;
}

// The bound is generous, for busy machines and sanitizers; what is quadratic takes far longer.
TEST(Decode, TakesNoLongForAnyLargeBody) {
  constexpr std::size_t kLarge = 4u << 20;
  const std::string open = "<s><v>";
  const std::string close = "</v></s>";
  const std::string bodies[] = {
      "ChatLog=" + Repeat("%E2%82%AC+", kLarge),
      "ChatLog=" + Repeat("%E9", kLarge),
      Repeat("a&", kLarge),
      Repeat("%", kLarge),
      Repeat("<", kLarge),
      open + Repeat("&#", kLarge) + close,
      open + Repeat("&#1", kLarge) + close,
      open + Repeat("&", kLarge) + close,
      open + Repeat("&#65;", kLarge) + close,
      open + Repeat("\r\n \r", kLarge) + close,
      open + "<![CDATA[" + Repeat("]]", kLarge) + "]]>" + close,
      "<s>" + Repeat("<v/>", kLarge) + "</s>",
      Repeat("<v>", kLarge),
      "<s " + Repeat("a", kLarge) + "/>",
      "<s " + Repeat("a='' ", kLarge) + "/>",
      "<s>" + Repeat("<!---->", kLarge) + "</s>",
      "<s a='" + Repeat(">", kLarge),
  };
  for (const std::string& body : bodies) {
    RawPost post;
    post.body = body;
    const auto start = std::chrono::steady_clock::now();
    const bool ok = Decode(post).ok();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    EXPECT_LT(took.count(), 5.0) << body.substr(0, 40) << (ok ? " decoded" : " refused");
  }
}

}  // namespace
}  // namespace relay
