// The lighttpd of Debian with deploy/lighttpd/rescue-relay.conf, as it stands.
#pragma once

#include <filesystem>
#include <string>

#include "support/temp_dir.h"
#include "support/web_server.h"

namespace relay::test {

struct LighttpdOptions {
  std::filesystem::path socket;  // where script.fcgi listens
  std::string after = {};        // more lines, after the include
};

class Lighttpd {
 public:
  explicit Lighttpd(const LighttpdOptions& options);

  int port() const { return server_.port; }
  std::string log() const { return ReadFile(dir_.path() / "error.log"); }

 private:
  TempDir dir_;
  WebServer server_;
};

}  // namespace relay::test
