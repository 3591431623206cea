// The Caddy of Debian with deploy/caddy/rescue-relay.caddy, as it stands.
#pragma once

#include <filesystem>
#include <string>

#include "support/temp_dir.h"
#include "support/web_server.h"

namespace relay::test {

struct CaddyOptions {
  std::filesystem::path socket;  // where script.fcgi listens
  std::string in_site = {};      // more lines, after the import
  std::string sites = {};        // more sites
};

class Caddy {
 public:
  explicit Caddy(const CaddyOptions& options);

  int port() const { return server_.port; }
  std::string log() const { return server_.process.err(); }

 private:
  TempDir dir_;
  WebServer server_;
};

}  // namespace relay::test
