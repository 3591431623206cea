// A JSON Web Token, as who receives it checks it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace relay::test {

// The claims, where the token is signed with RS256 by the key of tests/data/recipes. Runs openssl.
std::optional<nlohmann::json> VerifiedClaims(const std::string& token);

}  // namespace relay::test
