// Local times, by the zones of the system (package tzdata). Cheap to copy; any thread.
//
// What is known of a zone is read once for each process: an update of tzdata counts after a
// restart. The rules for daylight saving time go as far as its tables: until 2037.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace date {
class time_zone;
}  // namespace date

namespace relay {

class TimeZone {
 public:
  // UTC, which takes no tables.
  TimeZone() = default;

  // "Europe/Berlin". BadInput where the system knows none of that name, with the nearest that it
  // knows.
  static Result<TimeZone> Find(const std::string& name);

  // "2026-03-02T11:00:05+01:00"; the fraction of the second is left out.
  std::string Format(Time time) const;

  const std::string& name() const { return name_; }

 private:
  std::string name_ = "UTC";
  const date::time_zone* zone_ = nullptr;  // lasts as long as the process
};

}  // namespace relay
