#include "store/sqlite_rows.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace relay {

Result<std::int64_t> OneNumber(Result<sql::Statement> query) {
  if (!query) return query.error();
  auto row = query->Step();
  if (!row) return row.error();
  return *row ? query->Int(0) : 0;
}

Delivery DeliveryFromRow(const sql::Statement& row) {
  return {DeliveryId{row.Int(0)},
          PostId{row.Int(1)},
          row.Text(2),
          row.Text(3),
          ParseState(row.Text(4)).value_or(DeliveryState::Held),
          static_cast<int>(row.Int(5)),
          TimeFromRow(row.Int(6)),
          OptionalTime(row, 7),
          row.Text(8),
          row.Text(9)};
}

std::string NamesToRow(const std::vector<std::string>& names) {
  return nlohmann::json(names).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<std::string> NamesFromRow(const std::string& text) {
  const auto list = nlohmann::json::parse(text, nullptr, false);
  std::vector<std::string> names;
  for (const auto& name : list) {
    if (name.is_string()) names.push_back(name.get<std::string>());
  }
  return names;
}

bool AreNames(const std::string& text) {
  const auto list = nlohmann::json::parse(text, nullptr, false);
  return list.is_array() &&
         std::all_of(list.begin(), list.end(), [](const auto& name) { return name.is_string(); });
}

}  // namespace relay
