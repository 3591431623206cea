// The time of day that an entry of a chat opens with. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace relay {

struct TimeStamp {
  std::size_t length = 0;  // bytes of it in the text
  int minute_of_day = 0;
  bool twelve_hour = false;
};

// The stamp at the start of the text: "9:02 AM", or "14:02" by the 24-hour clock. It has no
// seconds, and what follows is white space or the end.
std::optional<TimeStamp> ReadTimeStamp(std::string_view text);

}  // namespace relay
