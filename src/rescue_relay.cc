// rescue-relay: what operators run.
#include <signal.h>
#include <sysexits.h>

#include <cstdlib>
#include <exception>

#include "base/log.h"
#include "cli/app.h"

int main(int argc, char** argv) try {
  unsetenv("HOME");          // libjq would take definitions from ~/.jq
  signal(SIGCHLD, SIG_DFL);  // whoever starts us may ignore it, and then no exit status is ours
  return relay::RunCommandLine(argc, argv);
} catch (const std::exception& error) {
  relay::Log().Error(error.what());
  return EX_SOFTWARE;
}
