#include "decode/header_parameter.h"

#include <algorithm>

#include "base/text.h"

namespace relay {
namespace {

// Takes what stands before the first of the characters.
std::string_view TakeUntil(std::string_view characters, std::string_view& rest) {
  const std::string_view taken = rest.substr(0, rest.find_first_of(characters));
  rest.remove_prefix(taken.size());
  return taken;
}

std::string TakeQuoted(std::string_view& rest) {
  std::string value;
  std::size_t at = 1;
  while (at < rest.size() && rest[at] != '"') {
    const bool escape =
        rest[at] == '\\' && at + 1 < rest.size() && (rest[at + 1] == '"' || rest[at + 1] == '\\');
    if (escape) ++at;
    value += rest[at++];
  }
  rest.remove_prefix(std::min(at + 1, rest.size()));
  TakeUntil(";", rest);
  return value;
}

std::string TakeValue(std::string_view& rest) {
  rest.remove_prefix(1);  // "="
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  return rest.starts_with('"') ? TakeQuoted(rest) : std::string(Trim(TakeUntil(";", rest)));
}

}  // namespace

std::optional<std::string> HeaderParameter(std::string_view header, std::string_view name) {
  TakeUntil(";", header);
  while (!header.empty()) {
    header.remove_prefix(1);  // ";"
    const std::string_view key = Trim(TakeUntil("=;", header));
    std::string value = header.starts_with('=') ? TakeValue(header) : std::string();
    if (EqualsIgnoringCase(key, name)) return value;
  }
  return std::nullopt;
}

}  // namespace relay
