// The PostgreSQL of Debian with data of its own in a folder of its own, on loopback. As root it
// runs as the user of the web server, since PostgreSQL refuses root.
#pragma once

#include <optional>
#include <string>

#include "support/held_client.h"
#include "support/temp_dir.h"
#include "support/web_server.h"

namespace relay::test {

class PostgreSql {
 public:
  PostgreSql();
  ~PostgreSql();
  PostgreSql(const PostgreSql&) = delete;
  PostgreSql& operator=(const PostgreSql&) = delete;

  int port() const { return port_; }
  // The authority that has signed the server's certificate.
  std::string ca_file() const { return dir_.path() / "ca.pem"; }

  // What psql prints for these statements, one row a line, columns divided by "|". Throws where one
  // of them fails.
  std::string Run(const std::string& database, const std::string& sql) const;

  // psql that runs these statements and then holds its transaction open, until it is destroyed.
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
