// rescue-relay: what operators run.
#include <sysexits.h>

#include <cstdlib>
#include <exception>

#include "base/log.h"
#include "cli/app.h"

int main(int argc, char** argv) try {
  unsetenv("HOME");  // libjq would take definitions from ~/.jq
  return relay::RunCommandLine(argc, argv);
} catch (const std::exception& error) {
  relay::Log().Error(error.what());
  return EX_SOFTWARE;
}
