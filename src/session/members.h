// Which members of a post's document somebody looks at: building all of them costs many times what
// an expression costs that looks at two. Plain values; any thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace relay {

struct Members {
  std::optional<std::set<std::string, std::less<>>> names = {};  // absent: all

  bool Contain(std::string_view name) const { return !names || names->contains(name); }

  void Add(const Members& others) {
    if (!names) return;
    if (others.names) {
      names->insert(others.names->begin(), others.names->end());
    } else {
      names.reset();
    }
  }
};

}  // namespace relay
