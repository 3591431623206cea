// An http or https URL, cut where the doctor changes it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace relay {

struct WebUrl {
  std::string scheme;       // "https"
  std::string credentials;  // "name:password", as written; may be empty
  std::string host;         // with its port, if there is one
  std::string path;
  std::string query;  // with its "?"

  // What may be shown: without the password.
  std::string Origin() const { return scheme + "://" + host; }
  std::string Whole() const;
  // The same, one segment further.
  WebUrl Below(const std::string& segment) const;
  // What follows script.fcgi/ in the path.
  std::string EndpointInPath() const;
};

// Absent where the text is no such URL.
std::optional<WebUrl> ParseWebUrl(std::string_view text);

}  // namespace relay
