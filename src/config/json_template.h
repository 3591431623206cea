// A JSON value whose strings are templates: an action's body.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "expr/text_template.h"

namespace relay {

// A template, and where it stands, for messages: "url", "headers.Authorization", "json.text".
struct PlacedTemplate {
  std::string place;
  int line = 0;
  TextTemplate text;
};

struct JsonTemplate {
  Json value;  // every string with an expression is replaced when rendered
  struct Part {
    Json::json_pointer where;
    PlacedTemplate text;
  };
  std::vector<Part> parts;
};

}  // namespace relay
