#include "decode/decode.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/cpu_time.h"
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
  post.body = "a%00=1";
  EXPECT_EQ(Decode(post).error().message, "form: has a NUL character in a name");
  post.body = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1";
  EXPECT_EQ(Decode(post).error().message, "multipart: ends without its closing boundary");
}

struct Shape {
  const char* before;
  const char* repeated;
  const char* after;
};

RawPost PostOf(const Shape& shape, std::size_t size) {
  RawPost post;
  post.body = shape.before;
  while (post.body.size() < size) post.body += shape.repeated;
  post.body += shape.after;
  return post;
}

// Four times as much takes four times as long where the time is linear, sixteen times where it is
// quadratic. The benchmark of bodies has the times themselves.
TEST(Decode, TakesTimeThatIsLinearInTheSizeOfABody) {
  constexpr std::size_t kSize = 1u << 20;  // what fits into a cache would tell of the cache
  constexpr double kNoise = 0.02;
  const Shape shapes[] = {
      {"ChatLog=", "%E2%82%AC+", ""},
      {"ChatLog=", "%E9", ""},
      {"", "a&", ""},
      {"", "%", ""},
      {"", "<", ""},
      {"<s><v>", "&#", "</v></s>"},
      {"<s><v>", "&#1", "</v></s>"},
      {"<s><v>", "&", "</v></s>"},
      {"<s><v>", "&#65;", "</v></s>"},
      {"<s><v>", "\r\n \r", "</v></s>"},
      {"<s><v><![CDATA[", "]]", "]]></v></s>"},
      {"<s>", "<v/>", "</s>"},
      {"", "<v>", ""},
      {"<s ", "a", "/>"},
      {"<s ", "a='' ", "/>"},
      {"<s>", "<!---->", "</s>"},
      {"<s a='", ">", ""},
  };
  for (const Shape& shape : shapes) {
    const RawPost post = PostOf(shape, kSize);
    const RawPost fourfold = PostOf(shape, 4 * kSize);
    const double once = test::LeastCpuSeconds(3, [&] { static_cast<void>(Decode(post).ok()); });
    EXPECT_TRUE(test::CostsLessThan(10 * once + kNoise, 5,
                                    [&] { static_cast<void>(Decode(fourfold).ok()); }))
        << shape.before << shape.repeated << "..., once " << once;
  }
}

}  // namespace
}  // namespace relay
