#include "support/mariadb.h"

#include <fmt/format.h>

#include <csignal>
#include <stdexcept>

#include "support/certificates.h"
#include "support/deadline.h"
#include "support/sockets.h"
#include "support/unprivileged.h"

namespace relay::test {
MariaDb::MariaDb() : port_(FreePort()) {
  const Finished made = RunToEnd(AsUnprivileged(
      {"mariadb-install-db", "--no-defaults", "--datadir=" + (dir_.path() / "data").string(),
       "--skip-test-db", "--auth-root-authentication-method=normal"}));
  if (made.code != 0) throw std::runtime_error("mariadb-install-db: " + made.out + made.err);
  MakeCertificates(dir_.path());
  Start();
}

MariaDb::~MariaDb() {
  KillHard();
}

void MariaDb::KillHard() {
  if (!server_) return;
  server_->Signal(SIGKILL);
  server_->Wait(std::chrono::seconds(10));
  server_.reset();
}

void MariaDb::Start() {
  const std::string dir = dir_.path().string() + "/";
  server_.emplace(AsUnprivileged(
      {"mariadbd", "--no-defaults", "--datadir=" + dir + "data", "--socket=" + socket(),
       "--pid-file=" + dir + "mariadb.pid", "--bind-address=127.0.0.1,127.0.0.2",
       "--port=" + std::to_string(port_), "--innodb-flush-log-at-trx-commit=0",
       "--innodb-buffer-pool-size=32M", "--ssl-ca=" + dir + "ca.pem",
       "--ssl-cert=" + dir + "server.pem", "--ssl-key=" + dir + "server.key"}));
  const bool answers = Deadline(std::chrono::minutes(2)).Until([&] {
    return !server_->running() || ConnectToUnix(socket()).get() >= 0;
  });
  if (!answers || !server_->running()) {
    throw std::runtime_error("MariaDB does not start: " + server_->err());
  }
}

ProcessOptions MariaDb::Client(const std::string& database) const {
  return {.argv = {"mariadb", "--no-defaults", "--socket=" + socket(), "--user=root", "--batch",
                   "--raw", "--skip-column-names", "--unbuffered", "--max-allowed-packet=1G",
                   "--default-character-set=utf8mb4", database}};
}

std::string MariaDb::Run(const std::string& database, const std::string& sql) const {
  ProcessOptions client = Client(database);
  client.stdin_text = sql;
  const Finished done = RunToEnd(client);
  if (done.code != 0) throw std::runtime_error("mariadb: " + done.err);
  return done.out.substr(0, done.out.empty() ? 0 : done.out.size() - 1);
}

HeldClient MariaDb::Hold(const std::string& database, const std::string& sql) const {
  return {Client(database), "START TRANSACTION;\n" + sql + ";\nSELECT 'held';\n"};
}

}  // namespace relay::test
