// JSON Web Tokens (RFC 7519) signed with RS256 (RFC 7518, 3.3). Pure; any thread.
#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"

namespace relay {

// `key` is an RSA private key in PEM. Permanent where it is none.
Result<std::string> SignJwt(const Json& claims, const std::string& key);

}  // namespace relay
