#include "gateway/params.h"

#include <charconv>
#include <tuple>
#include <utility>

namespace relay {
namespace {

// "CONTENT_TYPE" → "Content-Type"
std::string HeaderName(std::string_view name) {
  std::string header;
  bool first = true;
  for (const char c : name) {
    if (c == '_') {
      header += '-';
      first = true;
      continue;
    }
    const bool upper = c >= 'A' && c <= 'Z';
    header += upper && !first ? static_cast<char>(c - 'A' + 'a') : c;
    first = false;
  }
  return header;
}

std::string WithoutSlashes(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

// What follows the program's name in the URL. Web servers that were not told how to split it leave
// PATH_INFO empty.
std::pair<std::string, EndpointSource> EndpointOf(const Params& params) {
  if (const auto configured = FindParam(params, "RESCUE_RELAY_ENDPOINT");
      configured && !configured->empty()) {
    return {*configured, EndpointSource::Variable};
  }
  if (const auto path = FindParam(params, "PATH_INFO"); path && !path->empty()) {
    return {WithoutSlashes(*path), EndpointSource::PathInfo};
  }
  constexpr std::string_view kProgram = "/script.fcgi/";
  const std::string uri = FindParam(params, "REQUEST_URI").value_or("");
  const std::string path = uri.substr(0, uri.find('?'));
  const auto at = path.find(kProgram);
  if (at == std::string::npos) return {"", EndpointSource::None};
  return {WithoutSlashes(path.substr(at + kProgram.size())), EndpointSource::RequestUri};
}

std::vector<std::pair<std::string, std::string>> HeadersOf(const Params& params) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const std::string& param : params) {
    const auto equals = param.find('=');
    if (equals == std::string::npos) continue;
    std::string_view name = std::string_view(param).substr(0, equals);
    const bool header = name.starts_with("HTTP_");
    if (!header && name != "CONTENT_TYPE" && name != "CONTENT_LENGTH") continue;
    if (header) name.remove_prefix(5);
    headers.emplace_back(HeaderName(name), param.substr(equals + 1));
  }
  return headers;
}

}  // namespace

std::optional<std::string> FindParam(const Params& params, std::string_view name) {
  for (const std::string& param : params) {
    if (param.size() > name.size() && param[name.size()] == '=' && param.starts_with(name)) {
      return param.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

std::optional<unsigned long long> ContentLength(const Params& params) {
  const std::string text = FindParam(params, "CONTENT_LENGTH").value_or("");
  unsigned long long length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return length;
}

Request RequestOf(const Params& params) {
  Request request;
  request.method = FindParam(params, "REQUEST_METHOD").value_or("");
  request.content_type = FindParam(params, "CONTENT_TYPE").value_or("");
  request.query = FindParam(params, "QUERY_STRING").value_or("");
  std::tie(request.endpoint, request.endpoint_source) = EndpointOf(params);
  request.remote_addr = FindParam(params, "REMOTE_ADDR").value_or("");
  request.remote_user = FindParam(params, "REMOTE_USER");
  if (request.remote_user && request.remote_user->empty()) request.remote_user.reset();
  request.headers = HeadersOf(params);
  return request;
}

}  // namespace relay
