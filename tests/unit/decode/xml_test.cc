#include "decode/xml.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

RawPost Xml(std::string body) {
  RawPost post;
  post.content_type = "text/xml";
  post.body = std::move(body);
  return post;
}

FieldList ReadXml(const std::string& body) {
  const Result<Fields> fields = DecodeXml(Xml(body), {});
  if (!fields) return {{"error", fields.error().message}};
  return fields->all();
}

TEST(Xml, HasOneFieldForEachChildOfItsRoot) {
  EXPECT_EQ(ReadXml("<session>\n <sessionid>1</sessionid>\n <notes/>\n <x></x>\n</session>\n"),
            (FieldList{{"sessionid", "1"}, {"notes", ""}, {"x", ""}}));
  EXPECT_EQ(ReadXml("<Other xmlns='u' a='1'><SessionID b='2'>1</SessionID></Other>"),
            (FieldList{{"SessionID", "1"}}));
  EXPECT_EQ(ReadXml("<session/>"), FieldList{});
}

TEST(Xml, ValuesAreAllTheirText) {
  const struct {
    const char* body;
    const char* value;
  } rows[] = {
      {"one<![CDATA[two]]>three", "onetwothree"},
      {"one<!-- no -->two<?no?>three", "onetwothree"},
      {"<![CDATA[]]>", ""},
      {"<![CDATA[a]]]]><![CDATA[>b]]>", "a]]>b"},
      {"<![CDATA[&lt; &#65;]]>", "&lt; &#65;"},
      {"a &lt; b &amp; c &#233; &#xE9; &quot;&apos;&gt;", "a < b & c é é \"'>"},
      {"&#x1F600;", "😀"},
      {"Tom & Jerry &nbsp; &; &#x; &# &#0;", "Tom & Jerry &nbsp; &; &#x; &# &#0;"},
      {"&amp;#65; &amp;lt;", "&#65; &lt;"},
      {"&lt; & &nbsp; &amp &lt &#", "< & &nbsp; &amp &lt &#"},
      {"  ", "  "},
      {"\n\t ", "\n\t "},
      {" a ", " a "},
      {"\na\n", "\na\n"},
      {" <![CDATA[ ]]> ", "   "},
      {"<![CDATA[a]]> <![CDATA[b]]>", "a b"},
      {"a\r\nb\rc\n\rd&#13;&#10;e", "a\nb\nc\n\nd\r\ne"},
      {"\x01\x08\x1B[0m\x7F", "\x01\x08\x1B[0m\x7F"},
      {"&#1;&#27;", "\x01\x1B"},
      {"]]>", "]]>"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(ReadXml(std::string("<s><v>") + row.body + "</v></s>"), (FieldList{{"v", row.value}}))
        << row.body;
}

TEST(Xml, KeepsTheTextOfNestedElementsInItsPlace) {
  EXPECT_EQ(ReadXml("<s><v>a <b>bold <i>x</i></b> c</v></s>"), (FieldList{{"v", "a bold x c"}}));
  EXPECT_EQ(ReadXml("<s><v>9:00 AM a<br/>9:01 AM b<BR></BR>c</v></s>"),
            (FieldList{{"v", "9:00 AM a\n9:01 AM b\nc"}}));
}

TEST(Xml, KeepsTextBesideTheFieldsUnderTheNameOfTheRoot) {
  EXPECT_EQ(ReadXml("<s>stray<v>1</v>more</s>"), (FieldList{{"v", "1"}, {"s", "straymore"}}));
}

TEST(Xml, RefusesWhatIsNotWellFormed) {
  for (const char* body :
       {"<s><secret></s></secret>", "<s><secret a='1' a='2'/></s>", "<s><v secret></v></s>",
        "<s><v a=secret></v></s>", "<s><v></secret></s>", "<s><v/></s"}) {
    const Result<Fields> fields = DecodeXml(Xml(body), {});
    ASSERT_FALSE(fields) << body;
    EXPECT_EQ(fields.error().kind, ErrorKind::BadInput) << body;
    EXPECT_EQ(fields.error().message.find("secret"), std::string::npos) << fields.error().message;
  }
}

TEST(Xml, RefusesElementsNestedWithoutEnd) {
  std::string body;
  for (int i = 0; i < 200; ++i) body += "<a>";
  for (int i = 0; i < 200; ++i) body += "</a>";
  EXPECT_FALSE(DecodeXml(Xml(body), {}));
}

TEST(Xml, HasALimitOfFields) {
  const DecodeLimits two{.fields = 2};
  EXPECT_TRUE(DecodeXml(Xml("<s><a/><b/></s>"), two));
  EXPECT_FALSE(DecodeXml(Xml("<s><a/><b/><c/></s>"), two));
}

TEST(Xml, IsKnownByItsFirstCharacter) {
  EXPECT_TRUE(LooksLikeXml(Xml(" <s/>")));
  EXPECT_FALSE(LooksLikeXml(Xml("a=<s/>")));
}

}  // namespace
}  // namespace relay
