#include "expr/failure.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace relay {
namespace {

// In `message`, %t is the name of a type and %v any text: a value, which is never told. In `says`,
// each %t is the next type; where it is empty, the message itself is said without its values.
struct Shape {
  std::string_view message;
  std::string_view says = {};
};

// Source: builtin.c, execute.c, jv_aux.c and builtin.jq of jq 1.6.
constexpr auto kShapes = std::to_array<Shape>({
    {"Cannot index %t with string \"%v\"", "cannot index %t with string"},
    {"Cannot index %t with %t"},
    {"Cannot iterate over %t (%v)"},
    {"Cannot iterate over %t"},
    {"Cannot use %t (%v) as object key"},
    {"Cannot check whether %t has a %t key"},
    {"Cannot delete fields from %t"},
    {"Cannot update field at %v", "cannot update this field"},
    {"Cannot delete %v", "cannot delete this field"},
    {"%t (%v) and %t (%v) cannot be added"},
    {"%t (%v) and %t (%v) cannot be subtracted"},
    {"%t (%v) and %t (%v) cannot be multiplied"},
    {"%t (%v) and %t (%v) cannot be divided"},
    {"%t (%v) and %t (%v) cannot be divided because the divisor is zero"},
    {"%t (%v) and %t (%v) cannot be divided (remainder)"},
    {"%t (%v) and %t (%v) cannot be divided (remainder) because the divisor is zero",
     "%t and %t cannot be divided because the divisor is zero"},
    {"%t (%v) and %t (%v) cannot be iterated over"},
    {"%t (%v) and %t (%v) cannot be sorted, as they are not both arrays"},
    {"%t (%v) and %t (%v) cannot have their containment checked"},
    {"%t (%v) cannot be negated"},
    {"%t (%v) cannot be parsed as a number"},
    {"%t (%v) cannot be matched, as it is not a string"},
    {"%t (%v) cannot be searched, as it is not a string"},
    {"%t (%v) cannot be sorted, as it is not an array"},
    {"%t (%v) cannot be csv-formatted, only array"},
    {"%t (%v) cannot be tsv-formatted, only array"},
    {"%t (%v) is not valid in a csv row"},
    {"%t (%v) is not valid base64 data"},
    {"%t (%v) is not a string"},
    {"%t (%v) can not be escaped for shell"},
    {"%t (%v) can't be imploded, unicode codepoint needs to be numeric"},
    {"%t (%v) has no keys"},
    {"%t (%v) has no length"},
    {"%t (%v) number required", "%t where a number is required"},
    {"%t (%v) only strings can be parsed"},
    {"%t (%v) only strings have UTF-8 byte length"},
    {"%t (%v) trailing base64 byte found", "%t is not valid base64 data"},
    {"%t not a string or array"},
    {"%v is not a valid modifier string", "the regular expression's flags are not valid"},
    {"%v is not a valid format", "the format is not known"},
    {"Regex failure: %v", "the regular expression is not valid"},
    {"%v (while parsing '%v')", "the text is not a number or JSON"},
    {"date \"%v\" does not match format \"%v\"", "the date does not match the format"},
    {"errror converting number of seconds since epoch to datetime", "the number is not a date"},
    {"error converting number of seconds since epoch to datetime", "the number is not a date"},
    {"invalid gmtime representation", "the number is not a date"},
    {"gmtime() requires numeric inputs"},
    {"localtime() requires numeric inputs"},
    {"mktime requires array inputs"},
    {"mktime requires parsed datetime inputs"},
    {"strftime/1 requires a string format"},
    {"strftime/1 requires parsed datetime inputs"},
    {"strflocaltime/1 requires a string format"},
    {"strflocaltime/1 requires parsed datetime inputs"},
    {"strptime/1 requires string inputs and arguments"},
    {"explode input must be a string"},
    {"implode input must be an array"},
    {"split input and separator must be strings"},
    {"startswith() requires string inputs"},
    {"endswith() requires string inputs"},
    {"flatten depth must not be negative"},
    {"nth doesn't support negative indices"},
    {"Range bounds must be numeric"},
    {"Object keys must be strings"},
    {"Out of bounds negative array index"},
    {"Start and end indices of an array slice must be numbers"},
    {"Start and end indices of an string slice must be numbers"},
    {"Path must be specified as an array"},
    {"Paths must be specified as an array"},
    {"Invalid path expression %v", "invalid path expression"},
    {"Module search path must be an array", "there are no modules"},
    {"Unknown input line number", "there is no other input"},
    {"break", "there is no other input"},
    {"halted", "the expression halts"},
});

constexpr std::string_view kUnknown = "the expression failed";
constexpr std::size_t kLongest = 4096;  // matching takes quadratic time at worst

std::string_view LeadingType(std::string_view text) {
  for (const std::string_view type : {"null", "boolean", "number", "string", "array", "object"}) {
    if (text.starts_with(type)) return type;
  }
  return {};
}

bool Matches(std::string_view shape, std::string_view text, std::vector<std::string_view>& types);

bool MatchesAfterSomeText(std::string_view shape, std::string_view text,
                          std::vector<std::string_view>& types) {
  const std::size_t seen = types.size();
  for (std::size_t i = 0; i <= text.size(); ++i) {
    types.resize(seen);
    if (Matches(shape, text.substr(i), types)) return true;
  }
  return false;
}

bool Matches(std::string_view shape, std::string_view text, std::vector<std::string_view>& types) {
  while (!shape.empty()) {
    if (shape.starts_with("%v")) return MatchesAfterSomeText(shape.substr(2), text, types);
    if (shape.starts_with("%t")) {
      const std::string_view type = LeadingType(text);
      if (type.empty()) return false;
      types.push_back(type);
      shape.remove_prefix(2);
      text.remove_prefix(type.size());
    } else {
      if (!text.starts_with(shape.front())) return false;
      shape.remove_prefix(1);
      text.remove_prefix(1);
    }
  }
  return text.empty();
}

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

std::string Say(const Shape& shape, const std::vector<std::string_view>& types) {
  std::string said(shape.says.empty() ? shape.message : shape.says);
  ReplaceAll(said, " (%v)", "");
  for (const std::string_view type : types) {
    const std::size_t at = said.find("%t");
    if (at != std::string::npos) said.replace(at, 2, type);
  }
  said.front() = ToLower(said.substr(0, 1)).front();
  return said;
}

}  // namespace

std::string DescribeFailure(std::string_view message) {
  if (message.size() > kLongest) return std::string(kUnknown);
  for (const Shape& shape : kShapes) {
    std::vector<std::string_view> types;
    if (Matches(shape.message, message, types)) return Say(shape, types);
  }
  return std::string(kUnknown);
}

std::string DescribeRejection(std::string_view message) {
  constexpr std::string_view kNoise = "jq: error: ";
  if (message.starts_with(kNoise)) message.remove_prefix(kNoise.size());
  std::string said(message.substr(0, message.find(" at <top-level>, line ")));
  ReplaceAll(said, " (Unix shell quoting issues?)", "");
  ReplaceAll(said, "unexpected $end", "unexpected end");
  ReplaceAll(said, ", expecting $end", "");
  ReplaceAll(said, "$*label-", "label $");
  std::replace_if(
      said.begin(), said.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return std::string(Trim(said));
}

}  // namespace relay
