#include <gtest/gtest.h>

#include "decode/decode.h"
#include "session/document.h"
#include "unit/decode/reality_rows.h"

namespace relay {
namespace {

template <class Row>
void Append(std::vector<Row>& rows, const std::vector<Row>& more) {
  rows.insert(rows.end(), more.begin(), more.end());
}

std::vector<PostRow> AllPosts() {
  std::vector<PostRow> rows;
  Append(rows, FormRows());
  Append(rows, XmlRows());
  Append(rows, XmlInFormRows());
  Append(rows, MultipartRows());
  return rows;
}

std::vector<ValueRow> AllValues() {
  std::vector<ValueRow> rows;
  Append(rows, TimeRows());
  Append(rows, NumberRows());
  return rows;
}

RawPost PostOf(const PostRow& row) {
  RawPost post;
  post.content_type = row.content_type;
  post.body = row.body;
  return post;
}

std::string OutcomeOf(const Result<Fields>& fields) {
  if (!fields) return "refused: " + fields.error().message;
  std::string outcome;
  for (const Field& field : fields->all())
    outcome += (outcome.empty() ? "" : "|") + field.name + "=" + field.value;
  return outcome;
}

bool IsRefused(const PostRow& row) {
  return row.outcome.starts_with("refused: ");
}

TEST(Reality, IsDecodedOrRefusedWithAReason) {
  for (const PostRow& row : AllPosts())
    EXPECT_EQ(OutcomeOf(Decode(PostOf(row))), row.outcome)
        << row.content_type << " " << row.body.substr(0, 200);
}

// What is posted in all rows that are refused says "secret" somewhere.
TEST(Reality, IsRefusedAsBadInputThatQuotesNothing) {
  for (const PostRow& row : AllPosts()) {
    if (!IsRefused(row)) continue;
    const Result<Fields> fields = Decode(PostOf(row));
    ASSERT_FALSE(fields) << row.outcome;
    EXPECT_EQ(fields.error().kind, ErrorKind::BadInput) << row.outcome;
    EXPECT_EQ(fields.error().message.find("secret"), std::string::npos) << row.outcome;
  }
}

Json DocumentOf(const ValueRow& row) {
  return BuildDocument({}, Fields(FieldList{{row.variable, row.posted}}), {}, "", {});
}

TEST(Reality, HasValuesThatAreTypedOrNull) {
  for (const ValueRow& row : AllValues())
    EXPECT_EQ(ToText(DocumentOf(row).at(row.variable)), row.value) << row.posted;
}

TEST(Reality, KeepsTheRawTextOfEveryValue) {
  for (const ValueRow& row : AllValues())
    EXPECT_EQ(DocumentOf(row).at("raw").at(row.variable), row.posted);
}

TEST(Reality, IsMoreOftenBadThanGood) {
  std::size_t bad = 0;
  for (const PostRow& row : AllPosts()) bad += IsRefused(row) ? 1 : 0;
  for (const ValueRow& row : AllValues()) bad += row.value == "null" ? 1 : 0;
  const std::size_t all = AllPosts().size() + AllValues().size();
  EXPECT_GE(all, 150u);
  EXPECT_GT(bad, all - bad);
}

}  // namespace
}  // namespace relay
