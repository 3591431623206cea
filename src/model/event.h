// What happened in a session that made Rescue post, and how that is known.
#pragma once

#include <optional>
#include <string_view>

namespace relay {

enum class Event { Started, Resumed, Updated, Closed };
enum class EventSource { Endpoint, Inferred };

// "started", "resumed", "updated", "closed"; and back, nothing for any other word.
std::string_view EventName(Event event);
std::optional<Event> ParseEvent(std::string_view name);

// "endpoint" or "inferred".
std::string_view EventSourceName(EventSource source);

}  // namespace relay
