// How values stand in the rows of the SQLite store.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "sql/connection.h"

namespace relay {

inline std::int64_t ToRow(Time time) {
  return time.time_since_epoch().count();
}
inline std::optional<std::int64_t> ToRow(std::optional<Time> time) {
  return time ? std::optional(ToRow(*time)) : std::nullopt;
}
inline Time TimeFromRow(std::int64_t milliseconds) {
  return Time{Duration{milliseconds}};
}
inline std::optional<Time> OptionalTime(const sql::Statement& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return TimeFromRow(row.Int(column));
}

// Lists of names, as JSON text.
std::string NamesToRow(const std::vector<std::string>& names);
std::vector<std::string> NamesFromRow(const std::string& text);

}  // namespace relay
