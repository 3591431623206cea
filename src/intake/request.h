// One HTTP request as the web server hands it over, and the reply. Plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace relay {

// How the body arrived.
enum class BodyState {
  Complete,
  Short,     // it ended before its announced or marked end
  TooLarge,  // over the limit; nothing of it was kept
  NoLength,  // its length is unknown and its end could not be recognised
  TimedOut,  // the sender stopped in the middle
};

// What came of the request's credentials.
enum class Access {
  Open,  // none were asked for
  Granted,
  Denied,  // missing, wrong, or of a kind that is not known
  Busy,    // too many passwords wait to be checked
};

// Which variable of the web server's has told the endpoint.
enum class EndpointSource { None, Variable, PathInfo, RequestUri };

struct Request {
  std::string method;
  std::string content_type;
  std::string query;
  std::string endpoint;  // from RESCUE_RELAY_ENDPOINT, else what follows script.fcgi/ in the URL
  EndpointSource endpoint_source = EndpointSource::None;
  std::string remote_addr;
  std::optional<std::string> remote_user;                    // as the web server says, not verified
  std::vector<std::pair<std::string, std::string>> headers;  // "Content-Type" → value
  std::string body;
  BodyState body_state = BodyState::Complete;
  Access access = Access::Open;
  std::string verified_user;  // where access is granted
};

// The header of that name, without regard to case; null where there is none.
const std::string* FindHeader(const Request& request, std::string_view name);

// Web servers that keep the header to themselves may pass an empty one in its place.
bool CarriesAuthorization(const Request& request);

struct Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string text;  // one line, without its end
};

// "Method Not Allowed" for 405, and so on for every status this program uses.
std::string_view ReasonPhrase(int status);

}  // namespace relay
