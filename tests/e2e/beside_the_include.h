// What an administrator writes beside the include of the project's file, in each web server's
// language, as the comments in those files show it.
#pragma once

#include <filesystem>
#include <string>

#include "e2e/front_end.h"

namespace relay::test {

// A URL that says nothing, for the endpoint "closed".
inline constexpr const char* kOwnUrl = "/7f3a9c1e/closed";

struct Program {
  std::filesystem::path file;
  std::filesystem::path config;
  std::filesystem::path socket;  // empty where the web server starts it
};

std::string OwnUrlLines(FrontEnd front_end, const Program& program);

// The web server asks for a password of this htpasswd file.
std::string PasswordLines(FrontEnd front_end, const std::filesystem::path& users);

// TLS at a port of its own, with what MakeCertificates has written.
std::string TlsLines(FrontEnd front_end, int port, const std::filesystem::path& certificates);

// Those in the comment "THE ACCESS LOG" of the project's file, and what makes the server write such
// a log. For nginx they belong into http { }, for Caddy into a site.
std::string AccessLogLines(FrontEnd front_end, const std::filesystem::path& log);

}  // namespace relay::test
