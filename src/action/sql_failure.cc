#include "action/sql_failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace relay {
namespace {

OutcomeKind KindOf(SqlTrouble trouble) {
  switch (trouble) {
    case SqlTrouble::Lost:
    case SqlTrouble::TimedOut:
    case SqlTrouble::Unable:
      return OutcomeKind::Retry;
    case SqlTrouble::Stopped:
      return OutcomeKind::Interrupted;
    case SqlTrouble::Refused:
      return OutcomeKind::AuthRefused;
    case SqlTrouble::Wrong:
      return OutcomeKind::Dead;
  }
  return OutcomeKind::Dead;
}

Reach ReachOf(SqlTrouble trouble) {
  switch (trouble) {
    case SqlTrouble::Lost:
    case SqlTrouble::TimedOut:
    case SqlTrouble::Unable:
      return Reach::Failed;
    case SqlTrouble::Stopped:
      return Reach::Unknown;
    case SqlTrouble::Refused:
    case SqlTrouble::Wrong:
      return Reach::Answered;
  }
  return Reach::Unknown;
}

}  // namespace

SqlTrouble TroubleOf(std::string_view sqlstate) {
  if (sqlstate == "HYT00" || sqlstate == "HYT01") return SqlTrouble::TimedOut;
  // A privilege that is missing is like HTTP's 403.
  if (sqlstate.starts_with("28") || sqlstate == "42501") return SqlTrouble::Refused;
  if (sqlstate.starts_with("08")) return SqlTrouble::Lost;
  // 25006: a server that only reads, for now; 55: what is needed is in use; 58: its system fails.
  constexpr std::array<std::string_view, 6> kUnable{"40", "53", "57", "25006", "55", "58"};
  const bool unable = std::any_of(kUnable.begin(), kUnable.end(), [&](std::string_view beginning) {
    return sqlstate.starts_with(beginning);
  });
  return unable ? SqlTrouble::Unable : SqlTrouble::Wrong;
}

SqlFailure OutOf(const Patience& patience) {
  if (patience.stopped()) return {SqlTrouble::Stopped, "the program stops"};
  return {SqlTrouble::TimedOut, "no answer in time"};
}

Outcome OutcomeOf(const SqlFailure& failure, std::string_view place) {
  return {KindOf(failure.trouble),
          fmt::format("{}: {}", place, failure.code),
          {},
          ReachOf(failure.trouble),
          failure.words};
}

}  // namespace relay
