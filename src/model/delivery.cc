#include "model/delivery.h"

#include <array>
#include <utility>

namespace relay {
namespace {

constexpr std::array<std::pair<DeliveryState, std::string_view>, 5> kStates{{
    {DeliveryState::Due, "due"},
    {DeliveryState::Claimed, "claimed"},
    {DeliveryState::Done, "done"},
    {DeliveryState::Dead, "dead"},
    {DeliveryState::Held, "held"},
}};

}  // namespace

std::string_view StateName(DeliveryState state) {
  for (const auto& [value, name] : kStates) {
    if (value == state) return name;
  }
  return "unknown";
}

std::optional<DeliveryState> ParseState(std::string_view name) {
  for (const auto& [value, text] : kStates) {
    if (text == name) return value;
  }
  return std::nullopt;
}

}  // namespace relay
