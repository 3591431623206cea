// Why a database did not do what it was asked to. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "action/patience.h"
#include "model/delivery.h"

namespace relay {

enum class SqlTrouble {
  Lost,      // there is no connection
  TimedOut,  // no answer in time
  Stopped,   // the program stops
  Refused,   // the credentials are wrong, or may not do this
  Unable,    // the database cannot do it now: locked, full, shutting down, in conflict
  Wrong,     // it will never do it
};

struct SqlFailure {
  SqlTrouble trouble = SqlTrouble::Wrong;
  std::string code;        // for people: "SQLSTATE 23505"; no value
  std::string words = {};  // what the database said, which may repeat values
};

// Of a call to a database: nothing where it went well.
using SqlResult = std::optional<SqlFailure>;

// What an SQLSTATE says (ISO 9075, and what PostgreSQL, MySQL and ODBC add).
SqlTrouble TroubleOf(std::string_view sqlstate);

// Why waiting has ended: the program stops, or the time is up.
SqlFailure OutOf(const Patience& patience);

// What a failure means for a delivery; `place` stands before the reason.
Outcome OutcomeOf(const SqlFailure& failure, std::string_view place);

}  // namespace relay
