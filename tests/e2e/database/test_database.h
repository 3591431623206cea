// A database of each kind that an action can write to, empty, for one test. Servers are shared by
// all tests of the program.
#pragma once

#include <memory>
#include <ostream>
#include <string>

#include "support/temp_dir.h"

namespace relay::test {

enum class Kind { PostgreSql, MariaDb, Sqlite, OdbcPostgreSql, OdbcSqlite };
std::string NameOf(Kind kind);
inline void PrintTo(Kind kind, std::ostream* out) {
  *out << NameOf(kind);
}

// With all that is hard to quote.
inline constexpr const char* kPassword = "s3cret' \"{};%=\\?&#@:/\xC3\xBC";

struct Server {
  int port = 0;         // on 127.0.0.1
  std::string ca_file;  // of the authority of its certificate
};

class TestDatabase {
 public:
  virtual ~TestDatabase() = default;

  // The keys of [action.NAME] that lead to it; the password is $secret.db.
  virtual std::string keys() const = 0;

  // By the database's own client: rows as lines, columns divided by "|" or tabs.
  virtual std::string Run(const std::string& sql) const = 0;

  // The bytes of a text in hexadecimal digits of upper case, as an expression.
  virtual std::string HexOf(const std::string& column) const = 0;

  // Holds what these statements lock until it is destroyed.
  virtual std::shared_ptr<void> Lock(const std::string& sql) const = 0;

  // Its server, and what an administrator does there.
  virtual Server server() const { return {}; }
  virtual std::string RunAsAdmin(const std::string& sql) const { return Run(sql); }

  // As a crash of its server, and its return. Where there is none, nothing.
  virtual void KillServer() const {}
  virtual void StartServer() const {}
  virtual void CutConnections() const {}
  // Somebody waits for a lock just now.
  virtual bool SomebodyWaits() const { return true; }
};

std::unique_ptr<TestDatabase> MakeTestDatabase(Kind kind);

}  // namespace relay::test
