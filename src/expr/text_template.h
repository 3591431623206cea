// Text with jq expressions in {{ }}, as the configuration holds it. Splits text into pieces; the
// expressions are compiled and run by Program, the values escaped by Escape.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace relay {

// Where a rendered value goes; decides its escaping. There is no way to switch escaping off.
enum class Destination {
  Url,     // percent-encoded by RFC 3986: all but unreserved characters; null is an error
  Header,  // as it is; CR, LF and NUL are an error; null is an error
  Body,    // as it is; null is empty
};

class TextTemplate {
 public:
  // BadInput where {{ is not closed or empty. "{{" inside a jq string literal belongs to the
  // expression, as does "}}" inside a string literal or nested braces.
  static Result<TextTemplate> Parse(std::string_view text);

  const std::vector<std::string>& expressions() const { return expressions_; }

  // True for text that is one whole {{ }} and nothing else: it keeps the JSON type of its value.
  bool is_one_expression() const;

  // The text with `values` (one for each expression, in order) escaped for the destination.
  // Permanent where a value cannot stand there; the message says why, without the value.
  Result<std::string> Render(const std::vector<Json>& values, Destination destination) const;

 private:
  std::vector<std::string> literals_;     // always one more than expressions_
  std::vector<std::string> expressions_;  // trimmed
};

// A value as text for the place: strings as they are, numbers and booleans as JSON writes them,
// arrays and objects as compact JSON.
Result<std::string> Escape(const Json& value, Destination destination);

}  // namespace relay
