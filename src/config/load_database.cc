#include "config/load_database.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "config/bound_sql.h"
#include "config/database_url.h"

namespace relay {
namespace {

// False, with a problem noted, where there is none that can be used.
bool LoadAddress(ActionReader& action, DatabaseConfig& database) {
  auto ca_file = action.String("ca_file");
  auto url = action.String("url");
  if (!url) {
    if (action.Find("url") == nullptr) action.Problem("url", "is missing");
    return false;
  }
  auto address = ParseDatabaseUrl(*url);
  if (!address) {
    action.Problem("url", address.error().message);
    return false;
  }
  database.url = std::move(*url);
  database.address = std::move(*address);
  auto* mysql = std::get_if<MySqlAddress>(&database.address);
  if (ca_file && mysql == nullptr) {
    action.Problem("ca_file", "is for mysql: alone; PostgreSQL has sslrootcert= in its url");
  } else if (ca_file) {
    mysql->ca_file = std::move(*ca_file);
  }
  return true;
}

bool IsIdentifier(std::string_view name) {
  // A second table, which is named after it, must have a name of its own: PostgreSQL cuts at 63.
  constexpr std::size_t kLongest = 58;
  const auto is_allowed = [](char c) {
    return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  };
  return !name.empty() && name.size() <= kLongest &&
         std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::all_of(name.begin(), name.end(), is_allowed);
}

// "name" or "schema.name".
bool IsTableName(std::string_view name) {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return IsIdentifier(name);
  return IsIdentifier(name.substr(0, dot)) && IsIdentifier(name.substr(dot + 1));
}

void LoadTable(ActionReader& action, std::string name, DatabaseConfig& database) {
  if (!IsTableName(name)) {
    action.Problem("table",
                   "must be a name, or schema.name, of letters, digits and \"_\", each of up to 58 "
                   "characters");
  }
  database.target = TableTarget{std::move(name)};
}

SqlTarget LoadSql(ActionReader& action, const DatabaseAddress* address) {
  SqlTarget target{action.TemplateList("sql")};
  if (target.statements.empty()) action.Problem("sql", "holds no statement");
  for (const PlacedTemplate& statement : target.statements) {
    auto mistake = address == nullptr ? std::nullopt : MistakeIn(statement.text, *address);
    if (mistake) {
      action.problems().Add(statement.line,
                            fmt::format("{}: {}: {}", action.where(), statement.place, *mistake));
    }
  }
  return target;
}

}  // namespace

DatabaseConfig LoadDatabase(ActionReader& action) {
  DatabaseConfig database;
  const bool has_address = LoadAddress(action, database);
  database.username = action.Template("username");
  database.password = action.Template("password");
  auto table = action.String("table");
  const bool has_sql = action.Find("sql") != nullptr;
  if (table && has_sql) {
    action.Problem("sql", "either table or sql");
  } else if (table) {
    LoadTable(action, std::move(*table), database);
  } else if (has_sql) {
    database.target = LoadSql(action, has_address ? &database.address : nullptr);
  } else if (action.Find("table") == nullptr) {
    action.Problem("table", "is missing; either table or sql says what to write");
  }
  return database;
}

}  // namespace relay
