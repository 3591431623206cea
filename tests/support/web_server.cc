#include "support/web_server.h"

#include <stdexcept>

#include "support/deadline.h"
#include "support/sockets.h"
#include "support/temp_dir.h"

namespace relay::test {

WebServer StartWebServer(const std::function<ProcessOptions(int port)>& command,
                         const std::filesystem::path& log, std::chrono::seconds patience) {
  std::string said;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const int port = FreePort();
    Process process(command(port));
    const bool answers = Deadline(patience).Until(
        [&] { return !process.running() || ConnectToLoopback(port).get() >= 0; });
    if (answers && process.running()) return {std::move(process), port};
    said = process.out() + process.err();
  }
  throw std::runtime_error("the web server does not start: " + said + ReadFile(log));
}

}  // namespace relay::test
