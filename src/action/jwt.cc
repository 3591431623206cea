#include "action/jwt.h"

#include "base/base64.h"
#include "base/rs256.h"

namespace relay {
namespace {

// RFC 7515, appendix C.
std::string Base64Url(std::string_view bytes) {
  std::string text = EncodeBase64(bytes);
  for (char& c : text) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return text.substr(0, text.find('='));
}

}  // namespace

Result<std::string> SignJwt(const Json& claims, const std::string& key) {
  const Json header{{"alg", "RS256"}, {"typ", "JWT"}};
  const std::string text = Base64Url(ToText(header)) + "." + Base64Url(ToText(claims));
  auto signature = SignRs256(text, key);
  if (!signature) return signature.error();
  return text + "." + Base64Url(*signature);
}

}  // namespace relay
