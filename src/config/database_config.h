// What an action of type "database" says. Plain values.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/template.h"

namespace relay {

struct PostgreSqlAddress {
  std::string url;  // as libpq reads it
};

// MySQL and MariaDB.
struct MySqlAddress {
  std::string host;
  unsigned port = 0;   // 0: the usual one
  std::string socket;  // a Unix socket, instead of host and port
  std::string database;
  std::string user;
  std::string ca_file;  // with it, TLS is required and the server's certificate checked
};

struct SqliteAddress {
  std::string path;
};

struct OdbcAddress {
  std::string connection;  // a connection string, "DSN=crm"
};

using DatabaseAddress = std::variant<PostgreSqlAddress, MySqlAddress, SqliteAddress, OdbcAddress>;

// A table that is made where it is missing, with a row for each session.
struct TableTarget {
  std::string name;  // letters, digits, "_" and one "." at most
};

// Statements that are run in one transaction; each {{ }} is a bound value.
struct SqlTarget {
  std::vector<PlacedTemplate> statements;
};

struct DatabaseConfig {
  std::string url;  // as it is configured; holds no password
  DatabaseAddress address;
  // Of secrets alone: one connection serves many posts.
  std::optional<PlacedTemplate> username;
  std::optional<PlacedTemplate> password;
  std::variant<TableTarget, SqlTarget> target;
};

}  // namespace relay
