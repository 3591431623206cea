// The tables of the store in SQLite, and how an older store becomes a current one.
#pragma once

#include "base/result.h"
#include "sql/connection.h"

namespace relay {

// Brings the schema to the version of this program in one transaction. Permanent where the store
// was written by a newer version: nothing is changed then.
Result<void> MigrateSchema(sql::Connection& connection);

// For connections that only read: fails unless the schema is exactly the current one. Temporary
// where the store is only just being made.
Result<void> CheckSchema(sql::Connection& connection);

}  // namespace relay
