#include "e2e/front_end.h"

namespace relay::test {

std::string NameOf(FrontEnd front_end) {
  switch (front_end) {
    case FrontEnd::Nginx:
      return "Nginx";
    case FrontEnd::ApacheProxyFcgi:
      return "ApacheProxyFcgi";
    case FrontEnd::ApacheFcgid:
      return "ApacheFcgid";
    case FrontEnd::ApacheCgid:
      return "ApacheCgid";
    case FrontEnd::Lighttpd:
      return "Lighttpd";
    case FrontEnd::Caddy:
      return "Caddy";
  }
  return "";
}

std::string FileOf(FrontEnd front_end) {
  const std::string source = RELAY_SOURCE_DIR;
  switch (front_end) {
    case FrontEnd::Nginx:
      return source + "/nginx/rescue-relay.conf";
    case FrontEnd::ApacheProxyFcgi:
      return source + "/apache/rescue-relay-proxy-fcgi.conf";
    case FrontEnd::ApacheFcgid:
      return source + "/apache/rescue-relay-fcgid.conf";
    case FrontEnd::ApacheCgid:
      return source + "/apache/rescue-relay-cgid.conf";
    case FrontEnd::Lighttpd:
      return source + "/deploy/lighttpd/rescue-relay.conf";
    case FrontEnd::Caddy:
      return source + "/deploy/caddy/rescue-relay.caddy";
  }
  return "";
}

}  // namespace relay::test
