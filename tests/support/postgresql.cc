#include "support/postgresql.h"

#include <fmt/format.h>

#include <csignal>
#include <stdexcept>

#include "support/certificates.h"
#include "support/deadline.h"
#include "support/sockets.h"
#include "support/unprivileged.h"

namespace relay::test {
namespace {

constexpr const char* kBin = "/usr/lib/postgresql/15/bin/";
constexpr const char* kAdmin = "admin";

// Whoever comes through the socket is trusted, whoever comes by TCP needs a password.
constexpr const char* kAccess =
    "local all all trust\n"
    "host all all 127.0.0.1/32 scram-sha-256\n";

}  // namespace

PostgreSql::PostgreSql() : port_(FreePort()) {
  const std::string data = dir_.path() / "data";
  const Finished made = RunToEnd(AsUnprivileged(
      {std::string(kBin) + "initdb", "--pgdata", data, "--username", kAdmin, "--encoding", "UTF8",
       "--locale", "C.UTF-8", "--auth", "trust", "--no-sync"}));
  if (made.code != 0) throw std::runtime_error("initdb: " + made.err);
  dir_.Write("data/pg_hba.conf", kAccess);
  MakeCertificates(dir_.path());
  Start();
}

PostgreSql::~PostgreSql() {
  KillHard();
}

void PostgreSql::KillHard() {
  if (!server_) return;
  server_->Signal(SIGQUIT);  // with its children
  server_->Wait(std::chrono::seconds(10));
  server_.reset();
}

void PostgreSql::Start() {
  const std::string dir = dir_.path();
  server_.emplace(AsUnprivileged(
      {std::string(kBin) + "postgres", "-D", dir + "/data", "-p", std::to_string(port_), "-k", dir,
       "-h", "127.0.0.1", "-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "ssl=on", "-c",
       "ssl_cert_file=" + dir + "/server.pem", "-c", "ssl_key_file=" + dir + "/server.key"}));
  const bool answers = Deadline(std::chrono::minutes(2)).Until([&] {
    ProcessOptions ask = Client("postgres");
    ask.stdin_text = "SELECT 1";
    return !server_->running() || RunToEnd(ask).code == 0;
  });
  if (!answers || !server_->running()) {
    throw std::runtime_error("PostgreSQL does not start: " + server_->err());
  }
}

ProcessOptions PostgreSql::Client(const std::string& database) const {
  return {.argv = {std::string(kBin) + "psql", "--no-psqlrc", "--quiet", "--tuples-only",
                   "--no-align", "--set", "ON_ERROR_STOP=1", "--host", dir_.path(), "--port",
                   std::to_string(port_), "--username", kAdmin, "--dbname", database},
          .environment = {"PGCLIENTENCODING=UTF8", "PGTZ=UTC"}};
}

std::string PostgreSql::Run(const std::string& database, const std::string& sql) const {
  ProcessOptions client = Client(database);
  client.stdin_text = sql;
  const Finished done = RunToEnd(client);
  if (done.code != 0) throw std::runtime_error("psql: " + done.err);
  return done.out.substr(0, done.out.empty() ? 0 : done.out.size() - 1);
}

HeldClient PostgreSql::Hold(const std::string& database, const std::string& sql) const {
  return {Client(database), "BEGIN;\n" + sql + ";\n\\! echo held\n"};
}

}  // namespace relay::test
