#include "action/mask.h"

#include "base/text.h"

namespace relay {
namespace {

constexpr std::size_t kShortest = 4;  // shorter ones would mask words and numbers, too

void Replace(std::string& text, const std::string& secret) {
  constexpr std::string_view kMask = "********";
  for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += kMask.size()) {
    text.replace(at, secret.size(), kMask);
  }
}

}  // namespace

std::string MaskSecrets(std::string text, const Json& secrets) {
  for (const auto& [name, value] : secrets.items()) {
    const auto secret = value.get<std::string>();
    if (secret.size() < kShortest) continue;
    const std::string quoted = ToText(value);
    Replace(text, secret);
    Replace(text, PercentEncode(secret));
    Replace(text, quoted.substr(1, quoted.size() - 2));
  }
  return text;
}

}  // namespace relay
