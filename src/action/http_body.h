// The body of an HTTP request.
#pragma once

#include <optional>
#include <string>

#include "action/rendering.h"
#include "config/http_config.h"

namespace relay {

struct Body {
  std::string bytes;
  std::string content_type;
};

// Absent where there is none. `key` makes the boundary of a multipart body, so that every try of a
// delivery sends the same bytes.
Result<std::optional<Body>> RenderBody(const HttpBody& body, const std::string& key,
                                       Rendering& rendering);

}  // namespace relay
