#include "base/time_zone.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <exception>
#include <vector>

#include "base/text.h"

namespace relay {
namespace {

std::string DidYouMean(const std::string& name) {
  std::vector<std::string> names;
  for (const date::time_zone& zone : date::get_tzdb().zones) names.push_back(zone.name());
  const std::string nearest = Nearest(name, names);
  return nearest.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", nearest);
}

}  // namespace

Result<TimeZone> TimeZone::Find(const std::string& name) {
  TimeZone found;
  if (name == found.name_) return found;
  try {
    for (const date::time_zone& zone : date::get_tzdb().zones) {
      if (zone.name() == name) found.zone_ = &zone;
    }
    if (found.zone_ == nullptr) {
      return Error{ErrorKind::BadInput,
                   fmt::format("there is no zone \"{}\"{}", name, DidYouMean(name))};
    }
    found.zone_->get_info(date::sys_seconds{});  // reads its file
  } catch (const std::exception&) {
    return Error{ErrorKind::BadInput,
                 "the zones of the system cannot be read; is tzdata installed?"};
  }
  found.name_ = name;
  return found;
}

std::string TimeZone::Format(Time time) const {
  using std::chrono::minutes;
  std::chrono::seconds offset{0};
  if (zone_ != nullptr) {
    const auto since_1970 = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
    offset = zone_->get_info(date::sys_seconds(since_1970)).offset;
  }
  std::string text = FormatTime(time + offset);
  text.pop_back();  // "Z"
  const minutes ahead = std::chrono::duration_cast<minutes>(std::chrono::abs(offset));
  return text + fmt::format("{}{:02}:{:02}", offset.count() < 0 ? '-' : '+', ahead.count() / 60,
                            ahead.count() % 60);
}

}  // namespace relay
