// Text with jq expressions in {{ }}, as the configuration holds it. Splits text into pieces; the
// expressions are compiled and run by Program, the values escaped by Escape. Any thread.
//
// An expression ends at the first "}}" that is in no string literal and in no bracket, so that
// {{ "}}" }} and {{ {a: {b: 1}} }} are what they look like. A # comment lasts until the end of its
// line; outside of brackets "}}" ends it, too. "}}" outside of an expression is text. For "{{" as
// text write {{ "{{" }}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace relay {

// Where a rendered value goes; decides its escaping. There is no way to switch escaping off.
enum class Destination {
  Url,       // percent-encoded by RFC 3986: all but unreserved characters; null is an error
  Header,    // as it is; CR, LF and NUL are an error; null is an error
  Argument,  // as it is; NUL is an error; null is an error
  Path,      // "/", "%", control characters and a leading "." percent-encoded; null is an error
  Body,      // as it is; null is empty
  Html,      // as character references, line breaks as <br>; null is empty
  Xml,       // as character references, without what XML 1.0 cannot hold; null is empty
};

class TextTemplate {
 public:
  // BadInput where {{ is not closed or empty, or a bracket in it does not fit; names the place
  // ("line 2, column 5: ..."; the line only where there are several). Columns count characters.
  // Whether the expressions are jq, Program::Compile tells.
  static Result<TextTemplate> Parse(std::string_view text);

  const std::vector<std::string>& expressions() const { return expressions_; }
  // What stands before, between and behind them.
  const std::vector<std::string>& literals() const { return literals_; }

  // True for text that is one whole {{ }} and nothing else: it keeps the JSON type of its value.
  bool is_one_expression() const;

  // The text with `values` (one for each expression, in order) escaped for the destination.
  // Permanent where a value cannot stand there; the message names the expression and says why,
  // without the value: "{{ .Tracking0 }}: is null". In a URL it is an error, too, where a value
  // makes a segment of the path "." or "..": no escape keeps clients from resolving these.
  // A URL may begin with {{ $token.name }} or {{ $secret.name }}: its scheme and host, which are
  // taken as they are. Nothing that was posted can stand there.
  Result<std::string> Render(const std::vector<Json>& values, Destination destination) const;

 private:
  std::vector<std::string> literals_;     // always one more than expressions_
  std::vector<std::string> expressions_;  // trimmed
};

// A value as text for the place: strings as they are, numbers and booleans as JSON writes them,
// arrays and objects as compact JSON. Of a URL it knows nothing but the value: Render refuses what
// only the path around it makes wrong.
Result<std::string> Escape(const Json& value, Destination destination);

}  // namespace relay
