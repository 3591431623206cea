#include "gateway/param_lengths.h"

#include <algorithm>
#include <optional>

namespace relay {
namespace {

// One byte, or four with the highest bit set. Absent where it has not come whole.
std::optional<std::size_t> TakeLength(std::string_view& bytes) {
  if (bytes.empty()) return std::nullopt;
  const auto at = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(bytes[i])}; };
  const std::size_t size = at(0) < 128 ? 1 : 4;
  if (bytes.size() < size) return std::nullopt;
  const std::size_t length =
      size == 1 ? at(0) : (at(0) & 127) << 24 | at(1) << 16 | at(2) << 8 | at(3);
  bytes.remove_prefix(size);
  return length;
}

std::optional<std::size_t> NameAndValue(std::string_view lengths) {
  const auto name = TakeLength(lengths);
  const auto value = TakeLength(lengths);
  if (!name || !value) return std::nullopt;
  return *name + *value;
}

}  // namespace

bool ParamLengths::Take(std::string_view content) {
  while (!content.empty()) {
    if (left_ > 0) {
      const std::size_t count = std::min(left_, content.size());
      left_ -= count;
      content.remove_prefix(count);
      continue;
    }
    lengths_ += content.front();
    content.remove_prefix(1);
    if (const auto both = NameAndValue(lengths_)) {
      if (*both > most_) return false;
      left_ = *both;
      lengths_.clear();
    }
  }
  return true;
}

}  // namespace relay
