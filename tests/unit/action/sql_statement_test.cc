#include "action/sql_statement.h"

#include <gtest/gtest.h>

#include <limits>

namespace relay {
namespace {

TEST(SqlStatement, HasAPlaceholderWhereAValueIsBound) {
  SqlStatement statement("INSERT INTO s VALUES (");
  statement.Bind("x'); --");
  statement.Add(", ");
  statement.Bind(2);
  statement.Add(")");
  EXPECT_EQ(statement.Text(Placeholder::Numbered), "INSERT INTO s VALUES ($1, $2)");
  EXPECT_EQ(statement.Text(Placeholder::Question), "INSERT INTO s VALUES (?, ?)");
  EXPECT_EQ(statement.values(), (std::vector<Json>{"x'); --", 2}));
}

TEST(SqlStatement, KeepsPlaceholdersApartFromTheWordsAroundThem) {
  SqlStatement statement("LIMIT");
  statement.Bind(1);
  statement.Add("5 OR x$");
  statement.Bind(2);
  EXPECT_EQ(statement.Text(Placeholder::Numbered), "LIMIT $1 5 OR x$ $2");
}

TEST(SqlStatement, BindsListsAndObjectsAsTheirTextAndWhatIsNoNumberAsNull) {
  SqlStatement statement;
  statement.Bind(Json::array({1, "a"}));
  statement.Bind({{"a", nullptr}});
  statement.Bind(std::numeric_limits<double>::infinity());
  EXPECT_EQ(statement.values(), (std::vector<Json>{R"([1,"a"])", R"({"a":null})", nullptr}));
}

}  // namespace
}  // namespace relay
