#include "intake/test_post.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace relay {
namespace {

constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kLongestEndpoint = 128;

const char* NameOf(EndpointSource source) {
  switch (source) {
    case EndpointSource::None:
      return "nothing";
    case EndpointSource::Variable:
      return "RESCUE_RELAY_ENDPOINT";
    case EndpointSource::PathInfo:
      return "PATH_INFO";
    case EndpointSource::RequestUri:
      return "REQUEST_URI";
  }
  return "";
}

std::string Printable(const std::string& endpoint) {
  const bool plain = std::ranges::all_of(endpoint, [](char c) {
    return IsAlphanumeric(c) || std::string_view("-._~/").find(c) != std::string_view::npos;
  });
  return plain && endpoint.size() <= kLongestEndpoint ? endpoint : "?";
}

}  // namespace

std::optional<Reply> AnswerTestPost(const Request& request) {
  const std::string* word = FindHeader(request, "Rescue-Relay-Test");
  if (word == nullptr || word->empty()) return std::nullopt;
  if (word->size() > kLongestWord || !std::ranges::all_of(*word, IsAlphanumeric)) {
    return Reply{400, {}, "Rescue-Relay-Test takes up to 64 letters and digits"};
  }
  return Reply{200,
               {},
               fmt::format("test {} endpoint={} from={} bytes={} authorization={}", *word,
                           Printable(request.endpoint), NameOf(request.endpoint_source),
                           request.body.size(), CarriesAuthorization(request) ? "yes" : "no")};
}

}  // namespace relay
