// Base64 (RFC 4648, 4), by libcrypto. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace relay {

std::string EncodeBase64(std::string_view bytes);

// Absent where the text is not base64 with its padding.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace relay
