// The nginx of Debian with nginx/rescue-relay.conf, as it stands, in a server block of its own.
#pragma once

#include <filesystem>
#include <string>

#include "support/temp_dir.h"
#include "support/web_server.h"

namespace relay::test {

struct NginxOptions {
  std::filesystem::path socket;             // where script.fcgi listens
  std::string in_server = {};               // more lines, after the include
  std::string in_http = "access_log off;";  // and above the server block
};

class Nginx {
 public:
  explicit Nginx(const NginxOptions& options);

  int port() const { return server_.port; }
  std::string log() const { return ReadFile(dir_.path() / "error.log"); }

 private:
  TempDir dir_;
  WebServer server_;
};

}  // namespace relay::test
