#include "cli/web_url.h"

#include "base/text.h"

namespace relay {

std::string WebUrl::Whole() const {
  const std::string user = credentials.empty() ? "" : credentials + "@";
  return scheme + "://" + user + host + path + query;
}

WebUrl WebUrl::Below(const std::string& segment) const {
  WebUrl below = *this;
  if (!below.path.ends_with('/')) below.path += '/';
  below.path += segment;
  return below;
}

std::string WebUrl::EndpointInPath() const {
  constexpr std::string_view kProgram = "/script.fcgi/";
  const auto at = path.find(kProgram);
  if (at == std::string::npos) return "";
  std::string endpoint = path.substr(at + kProgram.size());
  while (endpoint.ends_with('/')) endpoint.pop_back();
  return endpoint;
}

std::optional<WebUrl> ParseWebUrl(std::string_view text) {
  WebUrl url;
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  url.scheme = ToLower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  text.remove_prefix(colon + 3);
  text = text.substr(0, text.find('#'));
  const std::string_view authority = text.substr(0, text.find_first_of("/?"));
  std::string_view rest = text.substr(authority.size());
  const auto at = authority.rfind('@');
  if (at != std::string_view::npos) url.credentials = authority.substr(0, at);
  url.host = at == std::string_view::npos ? authority : authority.substr(at + 1);
  if (url.host.empty()) return std::nullopt;
  url.path = rest.substr(0, rest.find('?'));
  url.query = rest.substr(url.path.size());
  if (url.path.empty()) url.path = "/";
  return url;
}

}  // namespace relay
