// script.fcgi: what the web server runs. It has no commands; how it was started decides.
#include <signal.h>
#include <sysexits.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "gateway/cgi.h"
#include "gateway/fastcgi.h"
#include "gateway/mode.h"

namespace {

constexpr const char* kUsage =
    "script.fcgi is run by a web server: as FastCGI with a listening socket on descriptor 0, or as "
    "CGI. Operators use rescue-relay.\n";

int RunByHand(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    std::puts("rescue-relay " RELAY_VERSION);
    return EX_OK;
  }
  if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
    std::fputs(kUsage, stdout);
    return EX_OK;
  }
  std::fputs(kUsage, stderr);
  return EX_USAGE;
}

}  // namespace

int main(int argc, char** argv) try {
  unsetenv("HOME");          // libjq would take definitions from ~/.jq
  signal(SIGCHLD, SIG_DFL);  // whoever starts us may ignore it, and then no exit status is ours
  // Under a web server the arguments are the sender's: a query string without "=" (RFC 3875,
  // section 4.4). They mean nothing.
  switch (relay::DetectMode()) {
    case relay::Mode::FastCgi:
      return relay::RunFastCgi(relay::ProcessEnvironment(), relay::Log());
    case relay::Mode::Cgi:
      return relay::RunCgi(relay::ProcessEnvironment());
    case relay::Mode::Neither:
      return RunByHand(argc, argv);
  }
} catch (const std::exception& error) {
  relay::Log().Error(error.what());
  return EX_SOFTWARE;
}
