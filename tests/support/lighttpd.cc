#include "support/lighttpd.h"

#include <fmt/format.h>
#include <unistd.h>

namespace relay::test {
namespace {

constexpr const char* kLighttpd = "/usr/sbin/lighttpd";

std::string MainConfig(const std::filesystem::path& dir, int port, const LighttpdOptions& options) {
  return fmt::format(
      R"(server.document-root = "{dir}"
server.bind = "127.0.0.1"
server.port = {port}
server.errorlog = "{dir}/error.log"
server.upload-dirs = ( "{dir}" )
{user}
server.modules = ( "mod_auth", "mod_authn_file", "mod_setenv", "mod_fastcgi" )
var.rescue_relay_socket = "{socket}"
include "{source}/deploy/lighttpd/rescue-relay.conf"
{after}
)",
      fmt::arg("dir", dir.string()), fmt::arg("port", port),
      fmt::arg("user", geteuid() == 0 ? fmt::format("server.username = \"{}\"", kWebUser) : ""),
      fmt::arg("socket", options.socket.string()), fmt::arg("source", RELAY_SOURCE_DIR),
      fmt::arg("after", options.after));
}

}  // namespace

Lighttpd::Lighttpd(const LighttpdOptions& options)
    : server_(StartWebServer(
          [&](int port) {
            const auto config = dir_.Write("lighttpd.conf", MainConfig(dir_.path(), port, options));
            return ProcessOptions{.argv = {kLighttpd, "-D", "-f", config}};
          },
          dir_.path() / "error.log")) {}

}  // namespace relay::test
