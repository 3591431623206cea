#include "e2e/front_end.h"

#include <array>
#include <utility>

namespace relay::test {
namespace {

// In the order of FrontEnd.
constexpr std::array<std::pair<const char*, const char*>, std::size(kFrontEnds)> kFiles{{
    {"Nginx", "nginx/rescue-relay.conf"},
    {"ApacheProxyFcgi", "apache/rescue-relay-proxy-fcgi.conf"},
    {"ApacheFcgid", "apache/rescue-relay-fcgid.conf"},
    {"ApacheCgid", "apache/rescue-relay-cgid.conf"},
    {"Lighttpd", "deploy/lighttpd/rescue-relay.conf"},
    {"Caddy", "deploy/caddy/rescue-relay.caddy"},
}};

}  // namespace

std::string NameOf(FrontEnd front_end) {
  return kFiles.at(static_cast<std::size_t>(front_end)).first;
}

std::string FileOf(FrontEnd front_end) {
  return std::string(RELAY_SOURCE_DIR) + "/" +
         kFiles.at(static_cast<std::size_t>(front_end)).second;
}

}  // namespace relay::test
