#include "e2e/deployment.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <sstream>

#include "e2e/beside_the_include.h"
#include "support/apache.h"
#include "support/caddy.h"
#include "support/lighttpd.h"
#include "support/nginx.h"
#include "support/sockets.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;

ApacheModule ModuleOf(FrontEnd front_end) {
  if (front_end == FrontEnd::ApacheProxyFcgi) return ApacheModule::ProxyFcgi;
  if (front_end == FrontEnd::ApacheFcgid) return ApacheModule::Fcgid;
  return ApacheModule::Cgid;
}

}  // namespace

Installation::Installation(const std::string& config, StoreOptions store)
    : store_(std::move(store)) {
  for (const char* program : {"script.fcgi", "rescue-relay"}) {
    fs::copy_file(fs::path(RELAY_BIN_DIR) / program, dir_.path() / program);
  }
  Configure(config);
}

fs::path Installation::store() const {
  return (store_.folder.empty() ? dir_.path() : store_.folder) / "relay.db";
}

void Installation::Configure(const std::string& text) const {
  const fs::path next = dir_.Write(
      "relay.toml.next", fmt::format("[store]\nurl = \"sqlite:{}\"\nmin_free = \"{}\"\n\n{}",
                                     store().string(), store_.min_free, text));
  fs::rename(next, config());
}

ProcessOptions Installation::Command(const std::vector<std::string>& argv) const {
  ProcessOptions options;
  if (geteuid() == 0) {
    options.argv = {"setpriv",        "--reuid",     kWebUser, "--regid", kWebUser,
                    "--clear-groups", "--pdeathsig", "TERM",   "--"};
  }
  options.argv.insert(options.argv.end(), argv.begin(), argv.end());
  options.environment = {"RESCUE_RELAY_CONFIG=" + config().string()};
  return options;
}

ProcessOptions Installation::CgiPost(const std::string& form,
                                     std::vector<std::string> wrapper) const {
  wrapper.push_back(program());
  ProcessOptions options = Command(wrapper);
  options.stdin_text = form;
  options.environment.insert(options.environment.end(),
                             {"GATEWAY_INTERFACE=CGI/1.1", "REQUEST_METHOD=POST",
                              "CONTENT_TYPE=application/x-www-form-urlencoded",
                              "CONTENT_LENGTH=" + std::to_string(form.size())});
  return options;
}

Finished Installation::Relay(const std::vector<std::string>& arguments) const {
  std::vector<std::string> argv = {dir_.path() / "rescue-relay"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return RunToEnd(Command(argv));
}

std::vector<nlohmann::json> Installation::List(std::vector<std::string> arguments) const {
  if (!fs::exists(store())) return {};  // no request has reached the program yet
  arguments.emplace_back("--json");
  const Finished done = Relay(arguments);
  EXPECT_EQ(done.code, 0) << done.err;
  std::vector<nlohmann::json> rows;
  std::istringstream lines(done.out);
  for (std::string line; std::getline(lines, line);) rows.push_back(nlohmann::json::parse(line));
  return rows;
}

Service::Service(const Installation& installation, std::vector<std::string> wrapper)
    : installation_(installation), wrapper_(std::move(wrapper)), listener_(ListenOnUnix(socket())) {
  Start();
}

void Service::Start() {
  std::vector<std::string> argv = wrapper_;
  argv.push_back(installation_.program());
  ProcessOptions options = installation_.Command(argv);
  options.stdin_fd = listener_.get();
  process_.emplace(options);
}

void Service::KillHard() {
  process_->Signal(SIGKILL);
  ASSERT_TRUE(process_->Wait(std::chrono::seconds(10)));
}

Deployment::Deployment(FrontEnd front_end, const std::string& config,
                       const WebServerOptions& options)
    : installation_(config) {
  Start(front_end, options);
}

void Deployment::Start(FrontEnd front_end, const WebServerOptions& options) {
  const bool starts_it = front_end == FrontEnd::ApacheFcgid || front_end == FrontEnd::ApacheCgid;
  if (!starts_it) service_ = std::make_unique<Service>(installation_);
  const fs::path socket = starts_it ? "" : service_->socket();

  std::string lines =
      OwnUrlLines(front_end, {installation_.program(), installation_.config(), socket});
  if (!options.users.empty()) lines += PasswordLines(front_end, options.users);
  std::string tls;
  if (!options.certificates.empty()) {
    tls_port_ = FreePort();
    tls = TlsLines(front_end, tls_port_, options.certificates);
  }
  std::string log;
  if (!options.access_log.empty()) log = AccessLogLines(front_end, options.access_log);

  switch (front_end) {
    case FrontEnd::Nginx:
      if (log.empty()) log = "access_log off;";
      Use(std::make_shared<Nginx>(NginxOptions{socket, lines + tls, log}));
      break;
    case FrontEnd::Lighttpd:
      Use(std::make_shared<Lighttpd>(LighttpdOptions{socket, lines + tls + log}));
      break;
    case FrontEnd::Caddy:
      Use(std::make_shared<Caddy>(CaddyOptions{socket, lines + log, tls}));
      break;
    case FrontEnd::ApacheProxyFcgi:
    case FrontEnd::ApacheFcgid:
    case FrontEnd::ApacheCgid:
      StartApache(front_end, socket, lines + tls + log);
      break;
  }
}

void Deployment::StartApache(FrontEnd front_end, const fs::path& socket, const std::string& lines) {
  Use(std::make_shared<Apache>(
      ApacheOptions{.module = ModuleOf(front_end),
                    .defines = {{"RESCUE_RELAY_SOCKET", socket.string()},
                                {"RESCUE_RELAY_DIR", installation_.dir().string()},
                                {"RESCUE_RELAY_CONFIG", installation_.config().string()}},
                    .after = lines}));
}

Deployment::~Deployment() {
  if (testing::Test::HasFailure()) std::cerr << Logs();
}

std::optional<Response> Deployment::Send(const HttpRequest& request) const {
  return Fetch(port_, request);
}

std::string Deployment::Logs() const {
  return "--- web server\n" + server_log_() + "--- script.fcgi\n" +
         (service_ ? service_->log() : "");
}

std::string CrmAction(int sink_port, const std::string& more) {
  return fmt::format(R"toml(
[action.crm]
type = "http"
when = '(.Tracking0 // "") != ""'
url = "http://127.0.0.1:{}/cases/{{{{ .Tracking0 }}}}/comments"
json = {{ text = "{{{{ .transcript }}}}", minutes = "{{{{ (.WorkTime // 0) / 60 | ceil }}}}", who = "by {{{{ .TechName }}}}", event = "{{{{ .event }}}}" }}
{}
)toml",
                     sink_port, more);
}

std::string StoredId(const std::optional<Response>& response) {
  const std::string_view prefix = "stored ";
  if (!response || response->status != 200 || !response->body.starts_with(prefix)) return "";
  std::string id = response->body.substr(prefix.size());
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

}  // namespace relay::test
