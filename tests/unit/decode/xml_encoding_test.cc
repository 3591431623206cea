#include "decode/xml_encoding.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

using namespace std::string_literals;

std::string Read(const std::string& bytes, const std::string& content_type = "text/xml") {
  const Result<std::string> text = XmlText(bytes, content_type);
  return text ? *text : "error: " + text.error().message;
}

const std::string kNotItsEncoding = "error: holds bytes that mean nothing in its encoding";

TEST(XmlEncoding, IsUtf8WhereNothingIsSaid) {
  EXPECT_EQ(Read("<a>é</a>"), "<a>é</a>");
  EXPECT_EQ(Read("\xEF\xBB\xBF<a>é</a>"), "<a>é</a>");
  EXPECT_EQ(Read("<a>\xE9</a>"), kNotItsEncoding);
}

TEST(XmlEncoding, IsReadFromTheDeclaration) {
  const struct {
    const char* declaration;
    const char* byte;
    const char* text;
  } rows[] = {
      {"<?xml version=\"1.0\" encoding=\"windows-1252\"?>", "\x80", "€"},
      {"<?xml version='1.0' encoding = 'ISO-8859-1' ?>", "\xE9", "é"},
      {"\n <?xml version=\"1.0\" encoding=\"ISO-8859-2\"?>", "\xB1", "ą"},
      {"<?xml version=\"1.0\" encoding=\"us-ascii\"?>", "\xE9", "é"},
  };
  for (const auto& row : rows) {
    const std::string declaration = row.declaration;
    EXPECT_EQ(Read(declaration + "<a>" + row.byte + "</a>"),
              declaration + "<a>" + row.text + "</a>");
  }
}

TEST(XmlEncoding, OfADocumentSerialisedToAStringFirstIsUtf8) {
  const std::string document = "<?xml version=\"1.0\" encoding=\"utf-16\"?><a>é</a>";
  EXPECT_EQ(Read(document), document);
}

TEST(XmlEncoding, IsUtf8WhereEitherSaysSoAndIsRight) {
  const std::string latin = "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>";
  EXPECT_EQ(Read(latin + "é", "text/xml; charset=utf-8"), latin + "é");
  EXPECT_EQ(Read(latin + "\xE9", "text/xml; charset=utf-8"), latin + "é");
  EXPECT_EQ(Read(latin + "é"), latin + "Ã©");
  const std::string utf8 = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
  EXPECT_EQ(Read(utf8 + "é", "text/xml; charset=iso-8859-1"), utf8 + "é");
  EXPECT_EQ(Read(utf8 + "\xE9", "text/xml; charset=iso-8859-1"), utf8 + "é");
  EXPECT_EQ(Read(utf8 + "\xE9"), kNotItsEncoding);
}

TEST(XmlEncoding, IsReadFromTheContentTypeLast) {
  EXPECT_EQ(Read("<a>\xE9</a>", "text/xml; charset=windows-1252"), "<a>é</a>");
}

TEST(XmlEncoding, MayBeUtf16) {
  EXPECT_EQ(Read("\xFF\xFE<\0a\0/\0>\0\xAC\x20"s), "<a/>€");
  EXPECT_EQ(Read("\xFE\xFF\0<\0a\0/\0>\x20\xAC"s), "<a/>€");
  EXPECT_EQ(Read("<\0a\0/\0>\0"s, "text/xml; charset=utf-8"), "<a/>");
  EXPECT_EQ(Read("\0<\0a\0/\0>"s), "<a/>");
  EXPECT_EQ(Read("\xFF\xFE<\0a\0/\0>"s), kNotItsEncoding);
  EXPECT_EQ(Read("\xFF\xFE<\0a\0\x3D\xD8/\0"s), kNotItsEncoding);
}

TEST(XmlEncoding, ThatIsNotSupportedIsNamedAsTheReason) {
  EXPECT_EQ(Read("<?xml version=\"1.0\" encoding=\"secret\"?><a/>"),
            "error: its declared encoding is not supported");
}

TEST(XmlEncoding, IgnoresWhatOnlyLooksLikeADeclaration) {
  EXPECT_EQ(Read("<a encoding=\"klingon\"/>"), "<a encoding=\"klingon\"/>");
  EXPECT_EQ(Read("<?xml version=\"1.0\"?><a encoding=\"klingon\"/>"),
            "<?xml version=\"1.0\"?><a encoding=\"klingon\"/>");
}

TEST(XmlEncoding, MakesEveryLineBreakOne) {
  EXPECT_EQ(Read("<a>1\r\n2\r3\n4\n\r5\r\r\n6</a>\r"), "<a>1\n2\n3\n4\n\n5\n\n6</a>\n");
}

}  // namespace
}  // namespace relay
