// What happened in a session, and how that is known. Rescue posts all but the last.
#pragma once

#include <optional>
#include <string_view>

namespace relay {

enum class Event {
  Started,
  Resumed,
  Updated,
  Closed,
  Lapsed,  // nothing has come for so long that nothing will: raised by this program
};
enum class EventSource { Endpoint, Inferred };

// "started", "resumed", "updated", "closed", "lapsed"; and back, nothing for any other word.
std::string_view EventName(Event event);
std::optional<Event> ParseEvent(std::string_view name);

// "endpoint" or "inferred".
std::string_view EventSourceName(EventSource source);

}  // namespace relay
