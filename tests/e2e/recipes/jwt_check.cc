#include "e2e/recipes/jwt_check.h"

#include "support/process.h"
#include "support/temp_dir.h"

namespace relay::test {
namespace {

using nlohmann::json;

std::string FromBase64Url(const std::string& text) {
  const std::string kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string decoded;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    bits = bits << 6 | static_cast<unsigned>(kDigits.find(c));
    held += 6;
    if (held < 8) continue;
    held -= 8;
    decoded += static_cast<char>(bits >> held & 255);
  }
  return decoded;
}

}  // namespace

std::optional<json> VerifiedClaims(const std::string& token) {
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  if (first == std::string::npos || second == std::string::npos) return std::nullopt;
  const json header = json::parse(FromBase64Url(token.substr(0, first)), nullptr, false);
  if (!header.is_object() || header.value("alg", "") != "RS256") return std::nullopt;
  const TempDir folder;
  const auto signature = folder.Write("signature", FromBase64Url(token.substr(second + 1)));
  const auto content = folder.Write("content", token.substr(0, second));
  const Finished verified = RunToEnd({.argv = {"openssl", "dgst", "-sha256", "-prverify",
                                               RELAY_SOURCE_DIR "/tests/data/recipes/rsa-key.pem",
                                               "-signature", signature, content}});
  if (verified.code != 0) return std::nullopt;
  return json::parse(FromBase64Url(token.substr(first + 1, second - first - 1)), nullptr, false);
}

}  // namespace relay::test
