#include "model/event.h"

#include <array>
#include <utility>

namespace relay {
namespace {

constexpr std::array<std::pair<Event, std::string_view>, 5> kEvents{{
    {Event::Started, "started"},
    {Event::Resumed, "resumed"},
    {Event::Updated, "updated"},
    {Event::Closed, "closed"},
    {Event::Lapsed, "lapsed"},
}};

}  // namespace

std::string_view EventName(Event event) {
  for (const auto& [value, name] : kEvents) {
    if (value == event) return name;
  }
  return "unknown";
}

std::optional<Event> ParseEvent(std::string_view name) {
  for (const auto& [value, text] : kEvents) {
    if (text == name) return value;
  }
  return std::nullopt;
}

std::string_view EventSourceName(EventSource source) {
  return source == EventSource::Endpoint ? "endpoint" : "inferred";
}

}  // namespace relay
