// The expressions and templates of an action, as the configuration holds them. Plain values.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.h"
#include "expr/text_template.h"

namespace relay {

// An expression, and where it stands, for messages: "when", "step 2: extract.id".
struct PlacedExpression {
  std::string place;
  int line = 0;
  std::string text;
};

// A place in the list of an action's expressions, which are compiled together as one program.
using ExpressionNumber = std::size_t;

// A template, and where it stands, for messages: "url", "headers.Authorization", "json.text".
struct PlacedTemplate {
  std::string place;
  int line = 0;
  TextTemplate text;
  ExpressionNumber first = 0;  // of its expressions; the others follow
};

struct NamedTemplate {
  std::string name;
  PlacedTemplate value;
};

// A JSON value whose strings are templates: a body.
struct JsonTemplate {
  Json value;  // every string with an expression is replaced when rendered
  struct Part {
    Json::json_pointer where;
    PlacedTemplate text;
  };
  std::vector<Part> parts;
};

}  // namespace relay
