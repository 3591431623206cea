#include "config/smtp_url.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace relay {
namespace {

Error Wrong(std::string why) {
  return {ErrorKind::BadInput, std::move(why)};
}

bool IsMadeOf(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || others.find(c) != others.npos;
  });
}

bool IsHost(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    return host.size() > 2 && IsMadeOf(host.substr(1, host.size() - 2), ":.");
  }
  return !host.empty() && IsMadeOf(host, "-._");
}

bool IsPort(std::string_view port) {
  int number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  return error == std::errc() && end == port.data() + port.size() && number > 0 && number < 65536;
}

}  // namespace

std::string SmtpUrl::Text() const {
  std::string text = (tls_from_the_start ? "smtps://" : "smtp://") + host;
  if (!port.empty()) text += ":" + port;
  if (!ehlo_name.empty()) text += "/" + ehlo_name;
  return text;
}

Result<SmtpUrl> ParseSmtpUrl(std::string_view text) {
  SmtpUrl url;
  const auto scheme = text.find("://");
  const std::string name = ToLower(text.substr(0, std::min(scheme, text.size())));
  if (scheme == text.npos || (name != "smtp" && name != "smtps")) {
    return Wrong("must begin with smtp:// or smtps://");
  }
  url.tls_from_the_start = name == "smtps";
  std::string_view rest = text.substr(scheme + 3);
  if (rest.find('@') != rest.npos) return Wrong("takes no user; write username and password");
  const auto slash = rest.find('/');
  if (slash != rest.npos) url.ehlo_name = rest.substr(slash + 1);
  rest = rest.substr(0, slash);
  const auto colon = rest.rfind(':');
  if (colon != rest.npos && rest.find(']', colon) == rest.npos) {
    url.port = rest.substr(colon + 1);
    if (!IsPort(url.port)) return Wrong("the port must be a number from 1 to 65535");
    rest = rest.substr(0, colon);
  }
  url.host = rest;
  if (!IsHost(url.host)) return Wrong("has no host name that could be one");
  if (!IsMadeOf(url.ehlo_name, "-.[]:"))
    return Wrong("what stands after \"/\" is no name for EHLO");
  return url;
}

}  // namespace relay
