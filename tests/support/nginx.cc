#include "support/nginx.h"

#include <fmt/format.h>
#include <unistd.h>

namespace relay::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNginx = "/usr/sbin/nginx";

// A relative include is looked for beside the main file: /etc/nginx, where Debian keeps this one.
void ProvideFastcgiParams(const fs::path& dir) {
  if (!fs::exists(dir / "fastcgi_params")) {
    fs::create_symlink("/etc/nginx/fastcgi_params", dir / "fastcgi_params");
  }
}

std::string MainConfig(const fs::path& dir, int port, const NginxOptions& options) {
  return fmt::format(
      R"({user}
daemon off;
pid {dir}/nginx.pid;
error_log {dir}/error.log info;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {dir}/client_body;
    fastcgi_temp_path {dir}/fastcgi;
    proxy_temp_path {dir}/proxy;
    scgi_temp_path {dir}/scgi;
    uwsgi_temp_path {dir}/uwsgi;
    {in_http}
    server {{
        listen 127.0.0.1:{port};
        include {source}/nginx/rescue-relay.conf;
        set $rescue_relay_socket unix:{socket};
        {in_server}
    }}
}}
)",
      fmt::arg("user", geteuid() == 0 ? fmt::format("user {};", kWebUser) : ""),
      fmt::arg("dir", dir.string()), fmt::arg("port", port), fmt::arg("source", RELAY_SOURCE_DIR),
      fmt::arg("socket", options.socket.string()), fmt::arg("in_server", options.in_server),
      fmt::arg("in_http", options.in_http));
}

ProcessOptions Command(const fs::path& dir) {
  return {.argv = {kNginx, "-p", dir, "-c", dir / "nginx.conf", "-e", dir / "error.log"}};
}

}  // namespace

Nginx::Nginx(const NginxOptions& options)
    : server_(StartWebServer(
          [&](int port) {
            ProvideFastcgiParams(dir_.path());
            dir_.Write("nginx.conf", MainConfig(dir_.path(), port, options));
            return Command(dir_.path());
          },
          dir_.path() / "error.log")) {}

}  // namespace relay::test
