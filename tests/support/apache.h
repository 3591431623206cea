// The Apache 2.4 of Debian with one of the files in apache/, as it stands.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "support/temp_dir.h"
#include "support/web_server.h"

namespace relay::test {

enum class ApacheModule { ProxyFcgi, Fcgid, Cgid };

struct ApacheOptions {
  ApacheModule module = ApacheModule::Cgid;
  std::map<std::string, std::string> defines = {};  // what the file leaves to be set before it
  std::string after = {};                           // more lines, after the include
};

class Apache {
 public:
  explicit Apache(const ApacheOptions& options);

  int port() const { return server_.port; }
  std::string log() const { return ReadFile(dir_.path() / "error.log"); }

 private:
  TempDir dir_;
  WebServer server_;
};

}  // namespace relay::test
