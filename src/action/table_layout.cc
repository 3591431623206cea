#include "action/table_layout.h"

#include <fmt/format.h>

#include <array>

#include "model/variables.h"

namespace relay {
namespace {

// In the order of kVariables.
constexpr std::array<std::string_view, 32> kColumns{
    "session_id", "tech_id",          "tech_sso_id", "tech_name",    "tech_email",  "tech_descr",
    "cfield0",    "cfield1",          "cfield2",     "cfield3",      "cfield4",     "cfield5",
    "tracking0",  "chat_log",         "notes",       "waiting_time", "pickup_time", "closing_time",
    "work_time",  "last_action_time", "transmitted", "platform",     "tsurvey0",    "tsurvey1",
    "tsurvey2",   "tsurvey3",         "tsurvey4",    "tsurvey5",     "tsurvey6",    "tsurvey7",
    "tsurvey8",   "tsurvey9"};

ColumnType TypeOf(VariableType type) {
  switch (type) {
    case VariableType::Text:
      return ColumnType::Text;
    case VariableType::Number:
      return ColumnType::Number;
    case VariableType::Time:
      return ColumnType::Time;
  }
  return ColumnType::Text;
}

struct TypeNames {
  std::string_view key;
  std::string_view text;
  std::string_view number;
  std::string_view whole;
  std::string_view time;
};

constexpr TypeNames kPostgreSql{"TEXT", "TEXT", "DOUBLE PRECISION", "BIGINT", "TIMESTAMPTZ"};
constexpr TypeNames kMySql{"VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
                           "LONGTEXT CHARACTER SET utf8mb4", "DOUBLE", "BIGINT", "DATETIME(3)"};
constexpr TypeNames kSqlite{"TEXT", "TEXT", "REAL", "INTEGER", "TEXT"};
constexpr TypeNames kSqlServer{"NVARCHAR(190) COLLATE Latin1_General_100_BIN2", "NVARCHAR(MAX)",
                               "FLOAT", "BIGINT", "DATETIME2(3)"};

const TypeNames& NamesOf(SqlDialect dialect) {
  switch (dialect) {
    case SqlDialect::PostgreSql:
      return kPostgreSql;
    case SqlDialect::MySql:
      return kMySql;
    case SqlDialect::Sqlite:
      return kSqlite;
    case SqlDialect::SqlServer:
      return kSqlServer;
  }
  return kPostgreSql;
}

}  // namespace

std::string_view ColumnOf(std::string_view variable) {
  for (std::size_t i = 0; i < kVariables.size(); ++i) {
    if (kVariables[i].name == variable) return kColumns[i];
  }
  return "";
}

TableLayout SessionLayout(const std::string& name) {
  TableLayout table{name, "session_id", {{"session_id", ColumnType::Key}}};
  for (const Variable& variable : kVariables) {
    if (variable.name == "SessionID") continue;
    table.columns.push_back({std::string(ColumnOf(variable.name)), TypeOf(variable.type)});
  }
  for (const Column& column : std::initializer_list<Column>{{"started_at", ColumnType::Time},
                                                            {"last_event", ColumnType::Text},
                                                            {"closed_at", ColumnType::Time},
                                                            {"technicians", ColumnType::Text},
                                                            {"transcript", ColumnType::Text},
                                                            {"first_post_at", ColumnType::Time},
                                                            {"last_post_at", ColumnType::Time},
                                                            {"last_post_id", ColumnType::Whole},
                                                            {"store_id", ColumnType::Key}}) {
    table.columns.push_back(column);
  }
  return table;
}

TableLayout PostLayout(const std::string& name) {
  return {name + "_post",
          "store_id, post_id",
          {{"store_id", ColumnType::Key},
           {"post_id", ColumnType::Whole},
           {"session_id", ColumnType::Key},
           {"event", ColumnType::Text},
           {"event_source", ColumnType::Text},
           {"received_at", ColumnType::Time},
           {"endpoint", ColumnType::Text},
           {"raw", ColumnType::Text}}};
}

std::string_view TypeName(ColumnType type, SqlDialect dialect) {
  const TypeNames& names = NamesOf(dialect);
  switch (type) {
    case ColumnType::Key:
      return names.key;
    case ColumnType::Text:
      return names.text;
    case ColumnType::Number:
      return names.number;
    case ColumnType::Whole:
      return names.whole;
    case ColumnType::Time:
      return names.time;
  }
  return names.text;
}

std::string CreateText(const TableLayout& table, SqlDialect dialect) {
  std::string text = fmt::format("CREATE TABLE {} (", table.name);
  for (const Column& column : table.columns) {
    const bool in_key =
        (", " + table.key + ", ").find(", " + column.name + ", ") != std::string::npos;
    text += fmt::format("\n  {} {}{},", column.name, TypeName(column.type, dialect),
                        in_key ? " NOT NULL" : "");
  }
  return text + fmt::format("\n  PRIMARY KEY ({})\n)", table.key);
}

}  // namespace relay
