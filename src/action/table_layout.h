// The tables that hold sessions and their posts in a database: their names, columns and types, in
// the words of each dialect. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/database_link.h"

namespace relay {

enum class ColumnType {
  Key,     // text that is compared byte for byte, of up to 190 characters
  Text,    // of any length
  Number,  // with a fraction
  Whole,
  Time,  // in UTC
};

struct Column {
  std::string name;
  ColumnType type = ColumnType::Text;
};

struct TableLayout {
  std::string name;
  std::string key;  // of the columns, as SQL lists them
  std::vector<Column> columns;
};

// One row for each session: `name` itself. All that a post says, under the names of the form format
// in snake case, and what is known of the session.
TableLayout SessionLayout(const std::string& name);

// One row for each post: `name`_post.
TableLayout PostLayout(const std::string& name);

// The column of a variable: "TechName" is "tech_name".
std::string_view ColumnOf(std::string_view variable);

std::string_view TypeName(ColumnType type, SqlDialect dialect);
std::string CreateText(const TableLayout& table, SqlDialect dialect);

}  // namespace relay
