// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2), by libcrypto: the RS256 of RFC 7518. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace relay {

// The bytes of the signature. `pem` is an RSA private key in PEM; Permanent where it is none.
Result<std::string> SignRs256(std::string_view text, const std::string& pem);

}  // namespace relay
