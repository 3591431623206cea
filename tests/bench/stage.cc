#include "bench/stage.h"

#include <fmt/format.h>

#include <stdexcept>

#include "support/deadline.h"
#include "support/unprivileged.h"

namespace relay::bench {
namespace {

std::string Config(const std::string& sink_url) {
  return fmt::format(R"toml(
[delivery]
run_in = "service"
[action.crm]
type = "http"
when = '.event == "started" and (.Tracking0 // "") != ""'
url = "{}"
order = "none"
concurrency = 8
json = {{ text = "{{{{ .transcript }}}}" }}
)toml",
                     sink_url);
}

test::Process Start(const std::filesystem::path& file, const test::UniqueFd& listener) {
  test::ProcessOptions options = test::AsUnprivileged({file});
  options.stdin_fd = listener.get();
  return test::Process(options);
}

void AwaitPort(int port) {
  const test::Deadline deadline(std::chrono::seconds(20));
  if (!deadline.Until([&] { return test::ConnectToLoopback(port).get() >= 0; })) {
    throw std::runtime_error(fmt::format("nobody listens on port {}", port));
  }
}

test::Process StartPhp(const test::TempDir& dir, const std::filesystem::path& socket) {
  const auto config = dir.Write("php-fpm.conf", fmt::format(R"([global]
error_log = {0}/error.log
daemonize = no
[www]
listen = {1}
listen.mode = 0666
pm = static
pm.max_children = 16
clear_env = no
env[BENCH_DIR] = {0}
)",
                                                            dir.path().string(), socket.string()));
  test::ProcessOptions options =
      test::AsUnprivileged({"/usr/sbin/php-fpm8.2", "--nodaemonize", "--fpm-config", config});
  test::Process process(options);
  const test::Deadline deadline(std::chrono::seconds(20));
  if (!deadline.Until([&] { return test::ConnectToUnix(socket).get() >= 0; })) {
    throw std::runtime_error("php-fpm: " + process.err());
  }
  return process;
}

test::Process StartWebhook(const test::TempDir& dir, int port) {
  const auto hooks = dir.Write("hooks.json", fmt::format(R"([{{
  "id": "script.fcgi",
  "execute-command": "{}/tests/bench/rivals/store.sh",
  "include-command-output-in-response": true,
  "pass-arguments-to-command": [{{ "source": "entire-payload" }}]
}}])",
                                                         RELAY_SOURCE_DIR));
  test::ProcessOptions options = test::AsUnprivileged(
      {"webhook", "-hooks", hooks, "-ip", "127.0.0.1", "-port", std::to_string(port)});
  options.environment = {"BENCH_DIR=" + dir.path().string()};
  test::Process process(options);
  AwaitPort(port);
  return process;
}

Site MakeSite(const std::string& lines) {
  const int port = test::FreePort();
  return {port, fmt::format("server {{ listen 127.0.0.1:{}; {} }}\n", port, lines)};
}

}  // namespace

Relay::Relay(const std::string& sink_url)
    : installation_(Config(sink_url)), service_(installation_) {}

void Relay::Pause() const {
  const test::Finished done = installation_.Relay({"action", "pause", "crm"});
  if (done.code != 0) throw std::runtime_error("pause: " + done.err);
}

void Relay::StartDelivering() {
  deliverer_.emplace(installation_.Command({installation_.dir() / "rescue-relay", "deliver"}));
}

Program::Program(const std::filesystem::path& file) : process_(Start(file, listener_)) {}

Php::Php() : process_(StartPhp(dir_, socket())) {}

std::string Php::script() {
  return std::string(RELAY_SOURCE_DIR) + "/tests/bench/rivals/store.php";
}

Webhook::Webhook() : process_(StartWebhook(dir_, port_)) {}

Site FcgiSite(const std::filesystem::path& socket) {
  return MakeSite(
      fmt::format("include {}/nginx/rescue-relay.conf; set $rescue_relay_socket unix:{};",
                  RELAY_SOURCE_DIR, socket.string()));
}

Site PhpSite(const Php& php) {
  return MakeSite(fmt::format(
      "location = /script.fcgi {{ include fastcgi_params; client_body_buffer_size 256k; "
      "fastcgi_param SCRIPT_FILENAME {}; fastcgi_pass unix:{}; }}",
      Php::script(), php.socket().string()));
}

Site WebhookSite(const Webhook& webhook) {
  return MakeSite(
      fmt::format("location = /script.fcgi {{ client_body_buffer_size 256k; "
                  "proxy_pass http://127.0.0.1:{}/hooks/script.fcgi; }}",
                  webhook.port()));
}

Site SinkSite() {
  return MakeSite("location / { return 201; }");
}

test::Nginx ServeAll(const std::vector<Site>& sites) {
  std::string blocks = "access_log off; keepalive_requests 1000000000;\n";
  for (const Site& site : sites) blocks += site.lines;
  return test::Nginx({.socket = "/nonexistent", .in_http = blocks});
}

}  // namespace relay::bench
