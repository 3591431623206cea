// The ways of being started that the project has a file for.
#pragma once

#include <ostream>
#include <string>

namespace relay::test {

enum class FrontEnd { Nginx, ApacheProxyFcgi, ApacheFcgid, ApacheCgid, Lighttpd, Caddy };

inline constexpr FrontEnd kFrontEnds[] = {FrontEnd::Nginx,       FrontEnd::ApacheProxyFcgi,
                                          FrontEnd::ApacheFcgid, FrontEnd::ApacheCgid,
                                          FrontEnd::Lighttpd,    FrontEnd::Caddy};

// How a test of all of them is named.
std::string NameOf(FrontEnd front_end);
inline void PrintTo(FrontEnd front_end, std::ostream* out) {
  *out << NameOf(front_end);
}

// The project's file for it.
std::string FileOf(FrontEnd front_end);

}  // namespace relay::test
