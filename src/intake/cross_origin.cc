#include "intake/cross_origin.h"

#include <algorithm>

namespace relay {
namespace {

std::string OriginOf(const Request& request) {
  const std::string* origin = FindHeader(request, "Origin");
  return origin == nullptr ? "" : *origin;
}

}  // namespace

void AllowOrigin(const Request& request, const std::vector<std::string>& origins, Reply& reply) {
  if (origins.empty()) return;
  reply.headers.emplace_back("Vary", "Origin");
  const std::string origin = OriginOf(request);
  if (std::ranges::find(origins, origin) == origins.end()) return;
  reply.headers.emplace_back("Access-Control-Allow-Origin", origin);
  reply.headers.emplace_back("Access-Control-Allow-Credentials", "true");
}

std::optional<Reply> Preflight(const Request& request, const std::vector<std::string>& origins) {
  const std::string origin = OriginOf(request);
  if (request.method != "OPTIONS" || std::ranges::find(origins, origin) == origins.end()) {
    return std::nullopt;
  }
  return Reply{204,
               {{"Access-Control-Allow-Methods", "POST"},
                {"Access-Control-Allow-Headers", "Authorization, Content-Type"},
                {"Access-Control-Max-Age", "86400"}},
               ""};
}

}  // namespace relay
