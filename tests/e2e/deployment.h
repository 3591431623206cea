// rescue-relay as it is installed: both programs in one folder, a configuration, a store, and one
// of the web servers before it, with the project's own file for that server. All in a folder of its
// own.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "e2e/front_end.h"
#include "support/http_client.h"
#include "support/process.h"
#include "support/temp_dir.h"
#include "support/unique_fd.h"

namespace relay::test {

struct StoreOptions {
  std::filesystem::path folder = {};  // the folder of the installation where it is empty
  std::string min_free = "1MiB";
};

// The folder with script.fcgi, rescue-relay and a configuration, and nothing running yet. The
// programs run as the user of the web server when the tests run as root.
class Installation {
 public:
  // `config` is what follows [store] in relay.toml.
  explicit Installation(const std::string& config, StoreOptions store = {});

  std::filesystem::path program() const { return dir_.path() / "script.fcgi"; }
  std::filesystem::path config() const { return dir_.path() / "relay.toml"; }
  std::filesystem::path dir() const { return dir_.path(); }
  std::filesystem::path store() const;  // the database

  // Replaces relay.toml at once, whoever reads it meanwhile; nobody is told to load it.
  void Configure(const std::string& config) const;

  // How a program of this installation is run.
  ProcessOptions Command(const std::vector<std::string>& argv) const;

  // The program as a CGI with a POST of this form, as a web server runs it. `wrapper` is a
  // command that runs the program it is given.
  ProcessOptions CgiPost(const std::string& form, std::vector<std::string> wrapper = {}) const;

  // rescue-relay with these arguments.
  Finished Relay(const std::vector<std::string>& arguments) const;

  // What a listing prints with --json, one value a line; nothing where there is no store
  // yet. Fails the test when it cannot be listed.
  std::vector<nlohmann::json> List(std::vector<std::string> arguments) const;

 private:
  TempDir dir_;
  const StoreOptions store_;
};

// script.fcgi as a FastCGI service: its listening socket outlives it, as under systemd.
class Service {
 public:
  // `wrapper` is a command that becomes the program it is given, such as prlimit.
  explicit Service(const Installation& installation, std::vector<std::string> wrapper = {});

  std::filesystem::path socket() const { return installation_.dir() / "script.fcgi.sock"; }
  void Start();
  void KillHard();  // SIGKILL
  ExitStatus Stop() { return process_->Stop(); }
  Process& process() { return *process_; }
  std::string log() const { return process_ ? process_->err() : ""; }

 private:
  const Installation& installation_;
  const std::vector<std::string> wrapper_;
  UniqueFd listener_;
  std::optional<Process> process_;
};

struct WebServerOptions {
  std::filesystem::path users = {};         // an htpasswd file: the web server asks for a password
  std::filesystem::path certificates = {};  // of MakeCertificates: it speaks TLS, too
  std::filesystem::path access_log = {};
};

// An installation that can be posted to.
class Deployment {
 public:
  Deployment(FrontEnd front_end, const std::string& config, const WebServerOptions& options = {});
  ~Deployment();

  const Installation& installation() const { return installation_; }
  std::optional<Response> Send(const HttpRequest& request) const;
  int port() const { return port_; }
  int tls_port() const { return tls_port_; }

  // What the servers and the program have said, for a test that fails.
  std::string Logs() const;

 private:
  void Start(FrontEnd front_end, const WebServerOptions& options);
  void StartApache(FrontEnd front_end, const std::filesystem::path& socket,
                   const std::string& lines);
  template <class Server>
  void Use(std::shared_ptr<Server> server) {
    port_ = server->port();
    server_log_ = [raw = server.get()] { return raw->log(); };
    server_ = std::move(server);
  }

  Installation installation_;
  std::unique_ptr<Service> service_;  // none where Apache starts the program
  int port_ = 0;
  int tls_port_ = 0;
  std::shared_ptr<void> server_;
  std::function<std::string()> server_log_;
};

// [action.crm] which comments on the case that Tracking0 names; `more` is added to it.
std::string CrmAction(int sink_port, const std::string& more = "");

// The post ID of "stored ID"; empty for any other reply.
std::string StoredId(const std::optional<Response>& response);

}  // namespace relay::test
