// What a post means for the rows of its session and of itself: statements in plain SQL, which all
// databases know. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "action/sql_statement.h"
#include "action/table_layout.h"
#include "base/json.h"
#include "base/result.h"

namespace relay {

// To be run in this order, within one transaction, until one of them changes or finds a row. Twice
// has the effect of once.
struct RowChange {
  // Of a row that holds nothing newer than the post. Absent for rows that never change.
  std::optional<SqlStatement> update;
  SqlStatement find;
  SqlStatement insert;
};

// `store_id` tells posts of several relays apart, or of one before and after its store was lost,
// whose IDs begin anew. A variable that was not posted leaves what its column holds. Permanent
// where the document is none of a post.
Result<std::vector<RowChange>> RowChanges(const std::string& table, const Json& document,
                                          const std::string& store_id, SqlDialect dialect);

}  // namespace relay
