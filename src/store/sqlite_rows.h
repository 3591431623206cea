// How values stand in the rows of the SQLite store.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "base/time.h"
#include "model/delivery.h"
#include "model/post.h"
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

inline std::optional<std::string> OptionalText(const sql::Statement& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Text(column);
}

// Runs a query and hands over each row.
template <class Each>
Result<void> ForEach(Result<sql::Statement> query, const Each& each) {
  if (!query) return query.error();
  auto row = query->Step();
  for (; row && *row; row = query->Step()) each(*query);
  if (!row) return row.error();
  return {};
}

// How many rows a listing reads at one time, with nothing held open between them.
inline constexpr std::size_t kPage = 500;

// Lists page by page: `read(most)` gives the next rows, none at the end; `each` gets at most
// `limit` of them, all where that is 0.
template <class Read, class Each>
Result<void> ForEachPage(std::size_t limit, const Read& read, const Each& each) {
  for (std::size_t left = limit == 0 ? SIZE_MAX : limit; left > 0;) {
    auto page = read(left < kPage ? left : kPage);
    if (!page) return page.error();
    if (page->empty()) break;
    for (const auto& row : *page) each(row);
    left -= page->size();
  }
  return {};
}

// The first column of the first row as a number; 0 where there is no row.
Result<std::int64_t> OneNumber(Result<sql::Statement> query);

// The columns that DeliveryFromRow() reads, in its order.
inline constexpr const char* kDeliveryColumns =
    "id, post_id, session_id, action, state, attempts, created_at, next_at, last_error, "
    "last_answer";
Delivery DeliveryFromRow(const sql::Statement& row);

// Lists of names, as JSON text.
std::string NamesToRow(const std::vector<std::string>& names);
std::vector<std::string> NamesFromRow(const std::string& text);
bool AreNames(const std::string& text);

}  // namespace relay
