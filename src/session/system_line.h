// Lines of a chat that the console wrote, not a person. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relay {

// How such lines start, without their time stamps. Those of the English console are known; the
// configuration may name those of others.
struct SystemLines {
  std::vector<std::string> more = {};

  bool Contain(std::string_view text) const;
};

}  // namespace relay
