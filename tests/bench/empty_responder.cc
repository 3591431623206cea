// The loop of script.fcgi with nothing behind it: every request gets 200 at once.
#include <cstdio>

#include "gateway/server.h"

int main() {
  relay::Server::BlockSignals();
  const relay::Log log;
  const relay::ServerCallbacks callbacks{
      [](std::span<relay::Request> requests) {
        return std::vector<relay::Reply>(requests.size(), relay::Reply{200, {}, "stored nothing"});
      },
      [] { return std::uint64_t{16} << 20; }, [] {}};
  auto server = relay::Server::Create(0, callbacks, log);
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    return 1;
  }
  (*server)->Run();
  return 0;
}
