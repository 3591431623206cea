#include "support/caddy.h"

#include <fmt/format.h>

#include "support/unprivileged.h"

namespace relay::test {
namespace {

constexpr const char* kCaddy = "/usr/bin/caddy";

std::string MainConfig(const std::filesystem::path& dir, int port, const CaddyOptions& options) {
  return fmt::format(
      R"({{
	admin off
	auto_https off
	storage file_system {dir}
}}
http://127.0.0.1:{port}, http://localhost:{port} {{
	bind 127.0.0.1
	import {source}/deploy/caddy/rescue-relay.caddy
	{in_site}
}}
{sites}
)",
      fmt::arg("dir", dir.string()), fmt::arg("port", port), fmt::arg("source", RELAY_SOURCE_DIR),
      fmt::arg("in_site", options.in_site), fmt::arg("sites", options.sites));
}

ProcessOptions Command(const std::filesystem::path& dir, const std::filesystem::path& config,
                       const std::filesystem::path& socket) {
  ProcessOptions options =
      AsUnprivileged({kCaddy, "run", "--config", config, "--adapter", "caddyfile"});
  options.environment = {"RESCUE_RELAY_SOCKET=" + socket.string(), "HOME=" + dir.string(),
                         "XDG_CONFIG_HOME=" + dir.string(), "XDG_DATA_HOME=" + dir.string()};
  return options;
}

}  // namespace

Caddy::Caddy(const CaddyOptions& options)
    : server_(StartWebServer(
          [&](int port) {
            const auto config = dir_.Write("Caddyfile", MainConfig(dir_.path(), port, options));
            return Command(dir_.path(), config, options.socket);
          },
          dir_.path() / "no.log")) {}

}  // namespace relay::test
