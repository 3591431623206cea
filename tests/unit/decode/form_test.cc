#include "decode/form.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

using namespace std::string_literals;

RawPost Form(std::string body, std::string content_type = "application/x-www-form-urlencoded") {
  RawPost post;
  post.body = std::move(body);
  post.content_type = std::move(content_type);
  return post;
}

FieldList Read(const RawPost& post) {
  const Result<Fields> fields = DecodeForm(post, {});
  if (!fields) return {{"error", fields.error().message}};
  return fields->all();
}

TEST(Form, IsSplitAndUnescaped) {
  const struct {
    const char* body;
    FieldList fields;
  } rows[] = {
      {"SessionID=1&TechName=Jane+Doe", {{"SessionID", "1"}, {"TechName", "Jane Doe"}}},
      {"a=%2B%26%3D%25+", {{"a", "+&=% "}}},
      {"a=b=c", {{"a", "b=c"}}},
      {"a=&b", {{"a", ""}, {"b", ""}}},
      {"=x", {{"", "x"}}},
      {"&&a=1&&", {{"a", "1"}}},
      {"a=1;b=2", {{"a", "1;b=2"}}},
      {"a=1&a=2&A=3", {{"a", "1"}, {"a", "2"}, {"A", "3"}}},
      {"T%65ch+ID=1", {{"Tech ID", "1"}}},
      {"a=%E2%82%AC%20%F0%9F%98%80", {{"a", "€ 😀"}}},
      {"a=%0D%0A%01%1B", {{"a", "\r\n\x01\x1B"}}},
      {"a=<b>", {{"a", "<b>"}}},
      {"a= x \n", {{"a", " x \n"}}},
      {"\xEF\xBB\xBFSessionID=1", {{"SessionID", "1"}}},
      {"\xEF\xBB\xBF", {}},
      {"", {}},
  };
  for (const auto& row : rows) EXPECT_EQ(Read(Form(row.body)), row.fields) << row.body;
}

TEST(Form, LeavesMalformedEscapesAsTheyAre) {
  for (const char* value : {"%", "100%", "%4", "%zz", "%4z", "%u20AC", "%%", "%-1", "% 1"}) {
    EXPECT_EQ(Read(Form(std::string("a=") + value)), (FieldList{{"a", value}})) << value;
  }
  EXPECT_EQ(Read(Form("a=%%41")), (FieldList{{"a", "%A"}}));
}

TEST(Form, ReadsValuesThatAreNotUtf8AsWindows1252EachByItself) {
  EXPECT_EQ(Read(Form("a=Zo%EB+%80&b=Zo%C3%AB&c=Zo\xEB")),
            (FieldList{{"a", "Zoë €"}, {"b", "Zoë"}, {"c", "Zoë"}}));
  EXPECT_EQ(Read(Form("Zo%EB=1")), (FieldList{{"Zoë", "1"}}));
}

TEST(Form, ReadsThemInTheCharsetItNames) {
  EXPECT_EQ(Read(Form("a=%F0%D2%C9", "application/x-www-form-urlencoded; charset=KOI8-R")),
            (FieldList{{"a", "При"}}));
  EXPECT_EQ(Read(Form("a=%CF%F0&_charset_=windows-1251", "x; charset=KOI8-R")),
            (FieldList{{"a", "Пр"}, {"_charset_", "windows-1251"}}));
  EXPECT_EQ(Read(Form("a=%EB&_charset_=klingon")),
            (FieldList{{"a", "ë"}, {"_charset_", "klingon"}}));
  EXPECT_EQ(Read(Form("a=%EB", "x; charset=utf-8")), (FieldList{{"a", "ë"}}));
}

TEST(Form, MayBeUtf16) {
  const FieldList fields{{"a", "é €"}, {"b", ""}};
  EXPECT_EQ(Read(Form("\xFF\xFE"
                      "a\0=\0\xE9\0+\0\xAC\x20&\0b\0"s)),
            fields);
  EXPECT_EQ(Read(Form("\xFE\xFF\0a\0=\0\xE9\0+\x20\xAC\0&\0b"s)), fields);
  EXPECT_EQ(Read(Form("a\0=\0%\0C\0003\0%\0A\0009\0+\0\xAC\x20&\0b\0"s)), fields);
  EXPECT_EQ(Read(Form("\0a\0=\0%\0C\0003\0%\0A\0009\0+\x20\xAC\0&\0b"s)), fields);
}

TEST(Form, SkipsAByteOrderMarkThatWasEscaped) {
  EXPECT_EQ(Read(Form("%EF%BB%BFSessionID=1&b=%EF%BB%BFx")),
            (FieldList{{"SessionID", "1"}, {"b", "\xEF\xBB\xBFx"}}));
}

TEST(Form, IsReadFromTheQueryWhereTheBodyIsBlank) {
  RawPost post = Form("");
  post.query = "SessionID=1&CField0=a+b";
  EXPECT_EQ(Read(post), (FieldList{{"SessionID", "1"}, {"CField0", "a b"}}));
  post.body = "\r\n";
  EXPECT_EQ(Read(post), (FieldList{{"SessionID", "1"}, {"CField0", "a b"}}));
  post.body = "SessionID=2";
  EXPECT_EQ(Read(post), (FieldList{{"SessionID", "2"}}));
}

TEST(Form, RefusesWhatItCannotReadExactly) {
  const struct {
    RawPost post;
    const char* message;
  } rows[] = {
      {Form("a%00=secret"), "has a NUL character in a name"},
      {Form("\xFF\xFEs\0e\0c\0=\0\x3D\xD8"s), "holds bytes that mean nothing in UTF-16"},
      {Form("\xFF\xFEs\0e\0c\0=\0r"s), "holds bytes that mean nothing in UTF-16"},
      {Form("a=secret%D2", "x; charset=windows-1253"),
       "holds bytes that mean nothing in the charset it names"},
  };
  for (const auto& row : rows) {
    const Result<Fields> fields = DecodeForm(row.post, {});
    ASSERT_FALSE(fields) << row.message;
    EXPECT_EQ(fields.error().kind, ErrorKind::BadInput);
    EXPECT_EQ(fields.error().message, row.message);
  }
}

TEST(Form, HasALimitOfFields) {
  const DecodeLimits three{.fields = 3};
  EXPECT_TRUE(DecodeForm(Form("a&b&&c&"), three));
  EXPECT_EQ(Read(Form("a&b&c&d")).size(), 4u);
  const Result<Fields> fields = DecodeForm(Form("a&b&c&d"), three);
  ASSERT_FALSE(fields);
  EXPECT_EQ(fields.error().kind, ErrorKind::BadInput);
  EXPECT_EQ(fields.error().message, "has more than 3 fields");
}

TEST(Form, HasALimitOfTheLengthOfNames) {
  const std::string longest(1024, 'n');
  EXPECT_EQ(Read(Form(longest + "=1")), (FieldList{{longest, "1"}}));
  EXPECT_EQ(Read(Form("a=1&" + longest + "n=1")),
            (FieldList{{"error", "has a name of more than 1024 bytes"}}));
}

}  // namespace
}  // namespace relay
