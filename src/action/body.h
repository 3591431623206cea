// From templates and the values of their expressions to the text that is sent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "config/config.h"

namespace relay {

// The values of all expressions of an action, handed out in the order of TemplatesOf().
class RenderedValues {
 public:
  explicit RenderedValues(std::vector<Result<Json>> values) : values_(std::move(values)) {}

  // The text of the next template. An error names its place.
  Result<std::string> Render(const PlacedTemplate& placed, Destination destination);
  // The same; a template that is one expression keeps the type of its value.
  Result<Json> RenderJson(const PlacedTemplate& placed);

 private:
  Result<std::vector<Json>> Next(const PlacedTemplate& placed);
  std::vector<Result<Json>> values_;
  std::size_t next_ = 0;
};

struct Body {
  std::string bytes;
  std::string content_type;
};

// Absent where the action sends none.
Result<std::optional<Body>> RenderBody(const HttpConfig& http, RenderedValues& values);

}  // namespace relay
