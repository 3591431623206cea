// The parts of a multipart body (RFC 2046, 5.1). Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace relay {

// Views into the body.
struct Part {
  std::string_view headers;  // lines; empty where the text stands beside the parts
  std::string_view content;
};

// Absent where no boundary divides the body.
std::optional<std::string> FindBoundary(std::string_view body, std::string_view content_type);

// BadInput: a body that is cut short, a part without an empty line after its headers, headers that
// are too long, more parts than `most`.
Result<std::vector<Part>> SplitParts(std::string_view body, std::string_view boundary,
                                     std::size_t most);

}  // namespace relay
