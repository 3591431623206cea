// What an action of type "exec" says. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/template.h"

namespace relay {

struct ExecConfig {
  std::vector<PlacedTemplate> argv;  // at least one; the first is an absolute path
  std::vector<NamedTemplate> env;    // besides what every program gets
  std::string directory = "/";
  struct Limits {
    std::optional<std::uint64_t> memory;  // bytes of address space
    std::optional<std::chrono::seconds> cpu;
    std::optional<int> files;  // descriptors
  } limits;
};

}  // namespace relay
