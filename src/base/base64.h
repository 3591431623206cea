// Base64 (RFC 4648, 4), by libcrypto. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace relay {

std::string EncodeBase64(std::string_view bytes);

}  // namespace relay
