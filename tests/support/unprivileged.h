// Servers that refuse to run as root, or should not.
#pragma once

#include <unistd.h>

#include <string>
#include <vector>

#include "support/process.h"
#include "support/web_server.h"

namespace relay::test {

// The command, as the user of the web server where the tests run as root.
inline ProcessOptions AsUnprivileged(const std::vector<std::string>& argv) {
  ProcessOptions options;
  if (geteuid() == 0) {
    options.argv = {"setpriv",        "--reuid",     kWebUser, "--regid", kWebUser,
                    "--clear-groups", "--pdeathsig", "TERM",   "--"};
  }
  options.argv.insert(options.argv.end(), argv.begin(), argv.end());
  return options;
}

}  // namespace relay::test
