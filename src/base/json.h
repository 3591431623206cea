// The JSON type all layers share: objects keep the order in which members were added.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace relay {

using Json = nlohmann::ordered_json;

// Compact text. Strings that are not UTF-8 get U+FFFD where they are wrong, instead of an
// exception.
inline std::string ToText(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The same for people to read, on several lines.
inline std::string ToIndentedText(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace relay
