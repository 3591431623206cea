#include "action/csv.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace relay {
namespace {

std::string RowOf(const std::vector<Json>& cells) {
  CsvRow row;
  for (const Json& cell : cells) row.Add(cell);
  return std::move(row).Finish();
}

// As the second cell of a row: the first one is always quoted.
std::string Cell(const Json& value) {
  const std::string row = RowOf({"", value});
  EXPECT_TRUE(row.starts_with("\"\",") && row.ends_with("\r\n")) << row;
  return row.substr(3, row.size() - 5);
}

TEST(CsvRow, QuotesByRfc4180) {
  struct Row {
    Json value;
    const char* cell;
  };
  const std::vector<Row> rows{
      {"plain text; äöü 😀", "plain text; äöü 😀"},
      {"", ""},
      {"a,b", "\"a,b\""},
      {"say \"hi\"", "\"say \"\"hi\"\"\""},
      {"\"", "\"\"\"\""},
      {"\"\"", "\"\"\"\"\"\""},
      {"one\ntwo", "\"one\ntwo\""},
      {"one\r\ntwo", "\"one\r\ntwo\""},
      {"one\rtwo", "\"one\rtwo\""},
      {"'); DROP TABLE s;--", "'); DROP TABLE s;--"},
      {"</script>", "</script>"},
      {nullptr, ""},
      {7, "7"},
      {-7, "-7"},
      {2.5, "2.5"},
      {true, "true"},
      {Json::array({"a", 1}), "\"[\"\"a\"\",1]\""},
      {{{"a", nullptr}}, "\"{\"\"a\"\":null}\""},
  };
  for (const Row& row : rows) EXPECT_EQ(Cell(row.value), row.cell) << row.value.dump();
}

TEST(CsvRow, LetsNoTextBeginAFormula) {
  struct Row {
    const char* value;
    const char* cell;
  };
  const std::vector<Row> rows{
      {"=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"},
      {"=1+\"2\"", "\"'=1+\"\"2\"\"\""},
      {"+49 30 1234", "'+49 30 1234"},
      {"-1", "'-1"},
      {"@SUM(A1)", "'@SUM(A1)"},
      {"\t=1", "'\t=1"},
      {"\r=1", "\"'\r=1\""},
      {"1=1", "1=1"},
      {" =1", " =1"},
      {"'=1", "'=1"},
  };
  for (const Row& row : rows) EXPECT_EQ(Cell(row.value), row.cell) << row.value;
}

TEST(CsvRow, QuotesItsFirstCellAlways) {
  EXPECT_EQ(RowOf({1, 2}), "\"1\",2\r\n");
  EXPECT_EQ(RowOf({nullptr}), "\"\"\r\n");
  EXPECT_EQ(RowOf({"=1", "x"}), "\"'=1\",x\r\n");
}

}  // namespace
}  // namespace relay
