#include "action/http_message.h"

#include <fmt/format.h>

#include "base/text.h"

namespace relay {
namespace {

bool IsSecret(const std::string& header) {
  const std::string name = ToLower(header);
  for (const char* word : {"auth", "token", "key", "secret", "cookie", "password"}) {
    if (name.find(word) != std::string::npos && name != "idempotency-key") return true;
  }
  return false;
}

}  // namespace

std::string HttpRequest::Describe() const {
  std::string text = fmt::format("{} {}\n", method, url);
  if (basic) text += "Authorization: ********\n";
  for (const HttpHeader& header : headers) {
    text += fmt::format("{}: {}\n", header.name, IsSecret(header.name) ? "********" : header.value);
  }
  if (body) text += "\n" + *body + "\n";
  return text;
}

}  // namespace relay
