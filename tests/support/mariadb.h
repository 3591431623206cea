// The MariaDB of Debian with data of its own in a folder of its own, as an unprivileged user. It
// listens on 127.0.0.1 and 127.0.0.2; its certificate is for the first alone.
#pragma once

#include <optional>
#include <string>

#include "support/held_client.h"
#include "support/process.h"
#include "support/temp_dir.h"

namespace relay::test {

class MariaDb {
 public:
  MariaDb();
  ~MariaDb();
  MariaDb(const MariaDb&) = delete;
  MariaDb& operator=(const MariaDb&) = delete;

  int port() const { return port_; }
  std::string socket() const { return dir_.path() / "mariadb.sock"; }
  // The authority that has signed the server's certificate.
  std::string ca_file() const { return dir_.path() / "ca.pem"; }

  // What the client prints for these statements, one row a line, columns divided by tabs. Throws
  // where one of them fails.
  std::string Run(const std::string& database, const std::string& sql) const;

  // A client that runs these statements and then holds its transaction open, until it is destroyed.
  HeldClient Hold(const std::string& database, const std::string& sql) const;

  // As a crash of the server, and its return at the same port.
  void KillHard();
  void Start();

 private:
  ProcessOptions Client(const std::string& database) const;

  TempDir dir_;
  int port_ = 0;
  std::optional<Process> server_;
};

}  // namespace relay::test
