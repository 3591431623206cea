// For a machine that is so busy that others keep the store locked for longer than it waits.
#pragma once

#include <stdexcept>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace relay::test {

// What `act` gives, tried again as long as it fails for a time. Throws where it fails for good.
template <class Act>
auto Insist(Act act) {
  auto result = act();
  while (!result && result.error().kind == ErrorKind::Temporary) result = act();
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_same_v<decltype(result), Result<void>>) return std::move(*result);
}

}  // namespace relay::test
