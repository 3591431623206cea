#include "fault/queue/step_meter.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace relay::test {
namespace {

// SQLite calls what is done to every new connection without telling on whose behalf.
SqlWorks* counting = nullptr;

std::int64_t PagesSince(sqlite3* connection) {
  std::int64_t pages = 0;
  for (const int counter : {SQLITE_DBSTATUS_CACHE_HIT, SQLITE_DBSTATUS_CACHE_MISS}) {
    int now = 0;
    int highest = 0;
    sqlite3_db_status(connection, counter, &now, &highest, /*resetFlg=*/1);
    pages += now;
  }
  return pages;
}

int CountStatement(unsigned, void*, void* handle, void*) {
  if (counting == nullptr) return 0;
  auto* statement = static_cast<sqlite3_stmt*>(handle);
  const SqlWork work{sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, /*resetFlg=*/1),
                     PagesSince(sqlite3_db_handle(statement))};
  SqlWork& sum = counting->by_statement[sqlite3_sql(statement)];
  for (SqlWork* each : {&sum, &counting->total}) {
    each->steps += work.steps;
    each->pages += work.pages;
  }
  return 0;
}

int Watch(sqlite3* connection, const char**, const void*) {
  return sqlite3_trace_v2(connection, SQLITE_TRACE_PROFILE, &CountStatement, nullptr);
}

using Extension = void (*)();

}  // namespace

std::string SqlWorks::Listed() const {
  std::vector<std::pair<std::string, SqlWork>> rows(by_statement.begin(), by_statement.end());
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return a.second.steps > b.second.steps; });
  std::string text = fmt::format("{} steps, {} pages\n", total.steps, total.pages);
  for (const auto& [statement, work] : rows) {
    text += fmt::format("{:9} {:7}  {}\n", work.steps, work.pages, statement);
  }
  return text;
}

StepMeter::StepMeter() {
  counting = new SqlWorks;
  sqlite3_auto_extension(reinterpret_cast<Extension>(&Watch));
}

StepMeter::~StepMeter() {
  sqlite3_cancel_auto_extension(reinterpret_cast<Extension>(&Watch));
  delete std::exchange(counting, nullptr);
}

SqlWorks StepMeter::Take() {
  return std::exchange(*counting, SqlWorks{});
}

}  // namespace relay::test
