#include "session/time_stamp.h"

#include "base/text.h"

namespace relay {
namespace {

// English time formats put a no-break space before AM and PM, or none.
std::size_t SpaceLength(std::string_view text) {
  for (const std::string_view space : {" ", "\xC2\xA0", "\xE2\x80\xAF"}) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

bool EndsAt(std::string_view text, std::size_t at) {
  return at == text.size() || text[at] == ' ' || text[at] == '\t' || text[at] == '\n' ||
         SpaceLength(text.substr(at)) > 0;
}

std::optional<TimeStamp> ReadHalfOfDay(std::string_view text, std::size_t clock, int hour,
                                       int minute) {
  const std::size_t at = clock + SpaceLength(text.substr(clock));
  const bool am = EqualsIgnoringCase(text.substr(at, 2), "AM");
  const bool pm = EqualsIgnoringCase(text.substr(at, 2), "PM");
  if ((!am && !pm) || hour < 1 || hour > 12 || !EndsAt(text, at + 2)) return std::nullopt;
  return TimeStamp{at + 2, (hour % 12 + (pm ? 12 : 0)) * 60 + minute, true};
}

}  // namespace

std::optional<TimeStamp> ReadTimeStamp(std::string_view text) {
  std::size_t at = 0;
  int hour = 0;
  while (at < 2 && at < text.size() && IsDigit(text[at])) hour = hour * 10 + (text[at++] - '0');
  if (at == 0 || hour > 23 || text.size() < at + 3 || text[at] != ':') return std::nullopt;
  if (!IsDigit(text[at + 1]) || !IsDigit(text[at + 2])) return std::nullopt;
  const int minute = (text[at + 1] - '0') * 10 + (text[at + 2] - '0');
  if (minute > 59) return std::nullopt;
  const std::size_t clock = at + 3;
  if (const auto stamp = ReadHalfOfDay(text, clock, hour, minute)) return stamp;
  if (!EndsAt(text, clock)) return std::nullopt;
  return TimeStamp{clock, hour * 60 + minute, false};
}

}  // namespace relay
