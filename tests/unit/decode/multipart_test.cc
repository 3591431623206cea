#include "decode/multipart.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

const std::string kType = "multipart/form-data; boundary=b";

RawPost Multipart(std::string body, std::string content_type = kType) {
  RawPost post;
  post.body = std::move(body);
  post.content_type = std::move(content_type);
  return post;
}

FieldList ReadMultipart(const RawPost& post, const DecodeLimits& limits = {}) {
  const Result<Fields> fields = DecodeMultipart(post, limits);
  if (!fields) return {{"error", fields.error().message}};
  return fields->all();
}

FieldList Refused(const std::string& why) {
  return {{"error", why}};
}

std::string Part(const std::string& name, const std::string& value) {
  return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

// A part with headers as they stand.
std::string PartWith(const std::string& headers, const std::string& value) {
  return "--b\r\n" + headers + "\r\n\r\n" + value + "\r\n";
}

TEST(Multipart, HasOneFieldForEachPart) {
  EXPECT_EQ(
      ReadMultipart(Multipart(Part("SessionID", "1") + Part("TechName", "Jane Döe") +
                              Part("Notes", "") + Part("Notes", "2") + "--b--\r\n")),
      (FieldList{{"SessionID", "1"}, {"TechName", "Jane Döe"}, {"Notes", ""}, {"Notes", "2"}}));
  EXPECT_EQ(ReadMultipart(Multipart("--b--")), FieldList{});
}

TEST(Multipart, ValuesAreTheirBytesUpToTheBoundary) {
  for (const std::string value :
       {"a+b%20c&d=e", "\r\n", "\r\nx\r\n", "a\nb\rc\r\nd", "--", "x--b", "\r\n--bb\r\n", "\n--b x",
        "\r\n--\r\nb", " ", "\x01\x1B", "Content-Disposition: form-data"})
    EXPECT_EQ(ReadMultipart(Multipart(Part("v", value) + "--b--")), (FieldList{{"v", value}}))
        << value;
}

TEST(Multipart, MayBeWrittenInManyWays) {
  const FieldList one{{"v", "1"}};
  const std::string plain = "--b\nContent-Disposition: form-data; name=v\n\n1\n--b--\n";
  EXPECT_EQ(ReadMultipart(Multipart(plain)), one);
  EXPECT_EQ(ReadMultipart(Multipart("\xEF\xBB\xBF" + plain)), one);
  EXPECT_EQ(ReadMultipart(Multipart("\r\n" + plain + "\r\n\r\n")), one);
  EXPECT_EQ(ReadMultipart(
                Multipart("--b \t\r\ncontent-DISPOSITION : x;\r\n NAME=v\r\n\r\n1\r\n--b-- \r\n")),
            one);
  EXPECT_EQ(ReadMultipart(Multipart(
                "--b\r\nX: y\r\nContent-Disposition: form-data; name=\"v\"; filename=f\r\n"
                "Content-Type: text/plain\r\n\r\n1\r\n--b--")),
            one);
  EXPECT_EQ(ReadMultipart(Multipart(plain, "multipart/form-data; boundary=\"b\"; charset=utf-8")),
            one);
  EXPECT_EQ(ReadMultipart(Multipart("--b\r\nContent-Disposition: form-data; name=v\r\n\r\n--b--")),
            (FieldList{{"v", ""}}));
}

TEST(Multipart, IsKnownByItsBodyWhateverItsType) {
  const std::string body = Part("v", "1") + "--b--";
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded",
                           "multipart/form-data", "multipart/form-data; boundary=other"}) {
    EXPECT_TRUE(LooksLikeMultipart(Multipart(body, type))) << type;
    EXPECT_EQ(ReadMultipart(Multipart(body, type)), (FieldList{{"v", "1"}})) << type;
  }
  for (const char* other : {"SessionID=1", "", "<s/>", "-", "--", "--b\r\nv=1", "x--b\r\n"})
    EXPECT_FALSE(LooksLikeMultipart(Multipart(other, "text/plain"))) << other;
  EXPECT_FALSE(LooksLikeMultipart(Multipart("SessionID=1")));
  EXPECT_EQ(ReadMultipart(Multipart("--c\r\nv=1")), Refused("its boundary does not occur in it"));
  EXPECT_TRUE(LooksLikeMultipart(Multipart("--c\r\nv=1", "Multipart/Form-Data")));
}

TEST(Multipart, KeepsWhatHasNoName) {
  EXPECT_EQ(ReadMultipart(Multipart("before\r\n" + PartWith("X: y", "1") + "--b--\r\nafter")),
            (FieldList{{"", "before\r\n"}, {"", "1"}, {"", "\r\nafter"}}));
}

TEST(Multipart, ReadsEachPartInTheCharsetItNames) {
  const std::string disposition = "Content-Disposition: form-data; name=v\r\n";
  EXPECT_EQ(
      ReadMultipart(Multipart(
          PartWith(disposition + "Content-Type: text/plain; charset=\"KOI8-R\"", "\xF0\xD2\xC9") +
          Part("w", "\xEB") + Part("x", "ë") + "--b--")),
      (FieldList{{"v", "При"}, {"w", "ë"}, {"x", "ë"}}));
  EXPECT_EQ(
      ReadMultipart(Multipart(Part("v", "\xCF") + Part("_charset_", "windows-1251") + "--b--")),
      (FieldList{{"v", "П"}, {"_charset_", "windows-1251"}}));
  EXPECT_EQ(
      ReadMultipart(Multipart(
          PartWith(disposition + "Content-Type: text/plain; charset=klingon", "\xEB") + "--b--")),
      (FieldList{{"v", "ë"}}));
}

TEST(Multipart, RefusesWhatItCannotReadExactly) {
  const std::string field = "Content-Disposition: form-data; name=secret";
  const struct {
    std::string body;
    const char* why;
  } rows[] = {
      {Part("secret", "1"), "ends without its closing boundary"},
      {Part("secret", "1") + "--b", "ends without its closing boundary"},
      {Part("secret", "1") + "--b-", "ends without its closing boundary"},
      {Part("secret", "1") + "--b\r\n", "ends without its closing boundary"},
      {"--b\r\n--b--", "has a part without an empty line after its headers"},
      {"--b\r\n" + field + "\r\n--b--", "has a part without an empty line after its headers"},
      {PartWith("X: " + std::string(9000, 'x'), "") + "--b--",
       "has a part with headers of more than 8192 bytes"},
      {Part(std::string(1025, 'n'), "") + "--b--", "has a name of more than 1024 bytes"},
      {PartWith(field + "\r\nContent-Transfer-Encoding: base64", "c2VjcmV0") + "--b--",
       "has a part in a transfer encoding that is not supported"},
      {PartWith(field + "\r\nContent-Transfer-Encoding: quoted-printable", "=41") + "--b--",
       "has a part in a transfer encoding that is not supported"},
      {PartWith(field + "\r\nContent-Type: text/plain; charset=windows-1253", "\xD2") + "--b--",
       "holds bytes that mean nothing in the charset it names"},
  };
  for (const auto& row : rows) {
    const Result<Fields> fields = DecodeMultipart(Multipart(row.body), {});
    ASSERT_FALSE(fields) << row.body;
    EXPECT_EQ(fields.error().kind, ErrorKind::BadInput);
    EXPECT_EQ(fields.error().message, row.why) << row.body;
  }
}

TEST(Multipart, TakesTransferEncodingsThatLeaveTheBytesAsTheyAre) {
  for (const char* encoding : {"7bit", "8BIT", "binary", ""}) {
    const std::string headers =
        "Content-Disposition: form-data; name=v\r\nContent-Transfer-Encoding: ";
    EXPECT_EQ(ReadMultipart(Multipart(PartWith(headers + encoding, "=41") + "--b--")),
              (FieldList{{"v", "=41"}}));
  }
}

TEST(Multipart, HasLimits) {
  const std::string two = Part("a", "1") + Part("b", "2");
  EXPECT_EQ(ReadMultipart(Multipart(two + "--b--"), {.fields = 2}).size(), 2u);
  EXPECT_EQ(ReadMultipart(Multipart(two + Part("c", "3") + "--b--"), {.fields = 2}),
            Refused("has more than 2 parts"));
  const std::string boundary(257, 'b');
  EXPECT_EQ(ReadMultipart(Multipart("--" + boundary + "\r\n\r\n\r\n--" + boundary + "--",
                                    "multipart/form-data; boundary=" + boundary)),
            Refused("has a boundary of more than 256 bytes"));
}

}  // namespace
}  // namespace relay
