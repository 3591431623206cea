#include "fault/store/tight_connections.h"

#include <sqlite3.h>

namespace relay::test {
namespace {

int Tighten(sqlite3* connection, char** /*message*/, const void* /*api*/) {
  sqlite3_wal_autocheckpoint(connection, 24);
  return sqlite3_exec(connection, "PRAGMA cache_size = 8", nullptr, nullptr, nullptr);
}

// SQLite wants it without its parameters.
void (*AsEntryPoint())() {
  return reinterpret_cast<void (*)()>(&Tighten);
}

}  // namespace

TightConnections::TightConnections() {
  sqlite3_auto_extension(AsEntryPoint());
}

TightConnections::~TightConnections() {
  sqlite3_cancel_auto_extension(AsEntryPoint());
}

}  // namespace relay::test
