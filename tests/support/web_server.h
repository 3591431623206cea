// What nginx and Apache have in common as children of a test: a port of their own and a log.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include "support/process.h"

namespace relay::test {

struct WebServer {
  Process process;
  int port = 0;
};

// Starts a web server in the foreground on a free port and returns when it takes connections. Tries
// other ports when it ends at once, since somebody may have taken the first; throws in the end,
// with what is in the log.
WebServer StartWebServer(const std::function<ProcessOptions(int port)>& command,
                         const std::filesystem::path& log,
                         std::chrono::seconds patience = std::chrono::seconds(20));

// The user the workers of a server that root has started run as.
inline constexpr const char* kWebUser = "www-data";

}  // namespace relay::test
