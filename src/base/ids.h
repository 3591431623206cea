// Numbers that name stored things. An ID of one kind is not accepted where another is wanted.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace relay {

template <class Tag>
struct Id {
  std::int64_t value = 0;
  auto operator<=>(const Id&) const = default;
};

using PostId = Id<struct PostTag>;
using DeliveryId = Id<struct DeliveryTag>;
using QuarantineId = Id<struct QuarantineTag>;

// IDs are text wherever a person or another program sees them.
template <class Tag>
std::string ToString(Id<Tag> id) {
  return std::to_string(id.value);
}

}  // namespace relay
