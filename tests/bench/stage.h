// One nginx with all that is compared behind it, each at a port of its own, with the project's file
// as it stands where it speaks FastCGI.
#pragma once

#include <filesystem>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "bench/load.h"
#include "e2e/deployment.h"
#include "support/nginx.h"
#include "support/sockets.h"

namespace relay::bench {

// script.fcgi as a service, and `rescue-relay deliver` beside it.
class Relay {
 public:
  // One http action to this URL that every post matches.
  explicit Relay(const std::string& sink_url);

  const test::Installation& installation() const { return installation_; }
  std::filesystem::path socket() const { return service_.socket(); }
  int pid() { return service_.process().pid(); }
  void Pause() const;
  void StartDelivering();

 private:
  test::Installation installation_;
  test::Service service_;
  std::optional<test::Process> deliverer_;
};

// A FastCGI program that is given its listening socket.
class Program {
 public:
  explicit Program(const std::filesystem::path& file);

  std::filesystem::path socket() const { return dir_.path() / "socket"; }
  int pid() const { return process_.pid(); }

 private:
  test::TempDir dir_;
  test::UniqueFd listener_{test::ListenOnUnix(socket())};
  test::Process process_;
};

// PHP-FPM with store.php, 16 workers.
class Php {
 public:
  Php();
  std::filesystem::path socket() const { return dir_.path() / "socket"; }
  static std::string script();

 private:
  test::TempDir dir_;
  test::Process process_;
};

// adnanh/webhook with store.sh.
class Webhook {
 public:
  Webhook();
  int port() const { return port_; }

 private:
  test::TempDir dir_;
  const int port_ = test::FreePort();
  test::Process process_;
};

// A server block, and the port where posts to /script.fcgi reach what is behind it.
struct Site {
  int port = 0;
  std::string lines;
};
Site FcgiSite(const std::filesystem::path& socket);
Site PhpSite(const Php& php);
Site WebhookSite(const Webhook& webhook);
// Answers every request with 201, as a CRM would that has nothing to do.
Site SinkSite();

// nginx with these sites.
test::Nginx ServeAll(const std::vector<Site>& sites);

}  // namespace relay::bench
