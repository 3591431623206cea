#include "decode/byte_fields.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

FieldList Read(std::vector<ByteField> bytes, const DecodeLimits& limits = {}) {
  const Result<Fields> fields = ReadByteFields(std::move(bytes), "", limits);
  if (!fields) return {{"error", fields.error().message}};
  return fields->all();
}

FieldList ReadAlone(const std::string& name, const std::string& value) {
  return Read({{name, value, {}}});
}

const FieldList kSession{{"sessionid", "1"}, {"notes", "é"}};
const std::string kDocument = "<session><sessionid>1</sessionid><notes>é</notes></session>";

TEST(ByteFields, MayHoldADocumentOfXmlInAField) {
  for (const char* name : {"xml", "data", "", "ChatLog", "?"})
    EXPECT_EQ(ReadAlone(name, kDocument), kSession) << name;
  EXPECT_EQ(ReadAlone("xml", "\xEF\xBB\xBF\r\n " + kDocument), kSession);
  EXPECT_EQ(ReadAlone(kDocument, ""), kSession);
  EXPECT_EQ(ReadAlone("<?xml version", "'1.0'?>" + kDocument), kSession);
}

TEST(ByteFields, ReadADocumentAsUtf8WhereItIsWhateverItDeclares) {
  const std::string latin = "<?xml version='1.0' encoding='iso-8859-1'?><s><sessionid>";
  EXPECT_EQ(ReadAlone("xml", latin + "é</sessionid></s>"), (FieldList{{"sessionid", "é"}}));
  EXPECT_EQ(ReadAlone("xml", latin + "\xE9</sessionid></s>"), (FieldList{{"sessionid", "é"}}));
  EXPECT_EQ(ReadAlone("xml", "<s><sessionid>\x80</sessionid></s>"),
            (FieldList{{"sessionid", "€"}}));
  EXPECT_EQ(Read({{"xml", "<s><sessionid>\xF0</sessionid></s>", FindCharset("koi8-r")}}),
            (FieldList{{"sessionid", "П"}}));
}

TEST(ByteFields, KeepWhatStandsBesideADocument) {
  EXPECT_EQ(Read({{"token", "t", {}}, {"xml", kDocument, {}}, {"go", "", {}}}),
            (FieldList{{"token", "t"}, {"sessionid", "1"}, {"notes", "é"}, {"go", ""}}));
}

TEST(ByteFields, TakeNothingForADocumentThatIsNotTheSession) {
  const std::vector<std::vector<ByteField>> rows{
      {{"SessionID", "2", {}}, {"Notes", kDocument, {}}},
      {{"Notes", kDocument, {}}, {"sessionid", "2", {}}},
      {{"Notes", "<b>bold</b>", {}}, {"TechID", "2", {}}},
      {{"Notes", "<b>broken", {}}, {"TechID", "2", {}}},
      {{"Notes", kDocument, {}}, {"ChatLog", kDocument, {}}},
  };
  for (const auto& row : rows) {
    const FieldList fields = Read(row);
    ASSERT_EQ(fields.size(), 2u);
    EXPECT_EQ(fields[0], (Field{row[0].name, row[0].value}));
    EXPECT_EQ(fields[1], (Field{row[1].name, row[1].value}));
  }
}

TEST(ByteFields, TakeNothingForADocumentThatNamesNoSession) {
  for (const char* value : {"<b>", "<b>bold</b>", "<", "<3", "<!DOCTYPE s><s/>", "<session/>"})
    EXPECT_EQ(ReadAlone("Notes", value), (FieldList{{"Notes", value}})) << value;
}

TEST(ByteFields, RefuseASessionInADocumentThatCannotBeRead) {
  EXPECT_EQ(ReadAlone("xml", "<session><SessionID>secret"),
            (FieldList{{"error", "XML in a field: ends inside an element"}}));
  EXPECT_EQ(ReadAlone("xml", "<!DOCTYPE s [<!ENTITY secret 'x'>]><s><sessionid>&secret;"),
            (FieldList{{"error", "XML in a field: holds a DOCTYPE or another declaration"}}));
}

TEST(ByteFields, LimitWhatADocumentAddsToTheRest) {
  const std::vector<ByteField> fields{{"a", "", {}}, {"xml", kDocument, {}}};
  EXPECT_EQ(Read(fields, {.fields = 3}).size(), 3u);
  EXPECT_EQ(Read(fields, {.fields = 2}), (FieldList{{"error", "has more than 2 fields"}}));
}

TEST(ByteFields, FindTheNameOfTheCharsetWhateverItsCase) {
  EXPECT_EQ(Read({{"_Charset_", "KOI8-R", {}}, {"v", "\xF0", {}}}),
            (FieldList{{"_Charset_", "KOI8-R"}, {"v", "П"}}));
}

}  // namespace
}  // namespace relay
