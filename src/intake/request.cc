#include "intake/request.h"

#include "base/text.h"

namespace relay {

const std::string* FindHeader(const Request& request, std::string_view name) {
  for (const auto& [given, value] : request.headers) {
    if (EqualsIgnoringCase(given, name)) return &value;
  }
  return nullptr;
}

bool CarriesAuthorization(const Request& request) {
  const std::string* header = FindHeader(request, "Authorization");
  return header != nullptr && !header->empty();
}

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 422:
      return "Unprocessable Content";
    case 500:
      return "Internal Server Error";
    default:
      return "Service Unavailable";
  }
}

}  // namespace relay
