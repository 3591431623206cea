#include "e2e/database/test_database.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "support/mariadb.h"
#include "support/postgresql.h"

namespace relay::test {
namespace {

std::string Quoted(std::string text) {
  for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 2) {
    text.insert(at, "'");
  }
  return "'" + text + "'";
}

constexpr const char* kDatabase = "db";  // emptied for each test

class OnPostgreSql : public TestDatabase {
 public:
  OnPostgreSql() {
    Shared().Run(kDatabase, "DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION relay");
  }

  std::string keys() const override {
    return fmt::format("url = \"postgresql://relay@127.0.0.1:{}/{}\"\n{}", Shared().port(),
                       kDatabase, "password = \"{{ $secret.db }}\"\n");
  }
  std::string Run(const std::string& sql) const override {
    return Shared().Run(kDatabase, "SET ROLE relay;" + sql);
  }
  std::string HexOf(const std::string& column) const override {
    return "upper(encode(convert_to(" + column + ", 'UTF8'), 'hex'))";
  }
  std::shared_ptr<void> Lock(const std::string& sql) const override {
    return std::make_shared<HeldClient>(Shared().Hold(kDatabase, sql));
  }
  Server server() const override { return {Shared().port(), Shared().ca_file()}; }
  std::string RunAsAdmin(const std::string& sql) const override {
    return Shared().Run("postgres", sql);
  }
  void KillServer() const override { Shared().KillHard(); }
  void StartServer() const override { Shared().Start(); }
  void CutConnections() const override {
    RunAsAdmin(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'relay'");
  }
  bool SomebodyWaits() const override {
    return Shared().Run(kDatabase,
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                        "datname = current_database()") != "0";
  }

 protected:
  static PostgreSql& Shared() {
    static PostgreSql server;
    static const std::string made =
        server.Run("postgres", std::string("CREATE ROLE relay LOGIN PASSWORD ") +
                                   Quoted(kPassword) + ";\nCREATE DATABASE " + kDatabase + ";");
    return server;
  }
};

class OnOdbcPostgreSql : public OnPostgreSql {
 public:
  std::string keys() const override {
    return fmt::format(
        "url = \"odbc:Driver={{PostgreSQL Unicode}};Server=127.0.0.1;Port={};Database={}\"\n"
        "username = \"relay\"\n{}",
        Shared().port(), kDatabase, "password = \"{{ $secret.db }}\"\n");
  }
};

class OnMariaDb : public TestDatabase {
 public:
  OnMariaDb() {
    Shared().Run(
        "", std::string("DROP DATABASE IF EXISTS ") + kDatabase + "; CREATE DATABASE " + kDatabase);
  }

  std::string keys() const override {
    return fmt::format("url = \"mysql://relay@127.0.0.1:{}/{}\"\nca_file = \"{}\"\n{}",
                       Shared().port(), kDatabase, Shared().ca_file(),
                       "password = \"{{ $secret.db }}\"\n");
  }
  std::string Run(const std::string& sql) const override { return Shared().Run(kDatabase, sql); }
  std::string HexOf(const std::string& column) const override { return "HEX(" + column + ")"; }
  std::shared_ptr<void> Lock(const std::string& sql) const override {
    return std::make_shared<HeldClient>(Shared().Hold(kDatabase, sql));
  }
  Server server() const override { return {Shared().port(), Shared().ca_file()}; }
  std::string RunAsAdmin(const std::string& sql) const override { return Shared().Run("", sql); }
  void KillServer() const override { Shared().KillHard(); }
  void StartServer() const override { Shared().Start(); }
  void CutConnections() const override { RunAsAdmin("KILL USER relay"); }
  bool SomebodyWaits() const override {
    return Run("SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK "
               "WAIT'") != "0";
  }

 private:
  static MariaDb& Shared() {
    static MariaDb server;
    static const std::string made =
        server.Run("", "SET sql_mode = 'NO_BACKSLASH_ESCAPES'; CREATE USER relay IDENTIFIED BY " +
                           Quoted(kPassword) + "; GRANT ALL ON *.* TO relay");
    return server;
  }
};

class OnSqlite : public TestDatabase {
 public:
  std::string keys() const override { return "url = \"sqlite:" + path() + "\"\n"; }
  std::string Run(const std::string& sql) const override {
    const Finished done =
        RunToEnd({.argv = {"sqlite3", "-batch", "-bail", path()}, .stdin_text = sql + ";"});
    if (done.code != 0) throw std::runtime_error("sqlite3: " + done.err);
    return done.out.substr(0, done.out.empty() ? 0 : done.out.size() - 1);
  }
  std::string HexOf(const std::string& column) const override { return "hex(" + column + ")"; }
  std::shared_ptr<void> Lock(const std::string& sql) const override {
    return std::make_shared<HeldClient>(
        ProcessOptions{.argv = {"sqlite3", "-batch", "-bail", path()}},
        "BEGIN EXCLUSIVE;\n" + sql + ";\n.shell echo held\n");
  }

 protected:
  std::string path() const { return folder_.path() / "crm.db"; }

 private:
  TempDir folder_;
};

class OnOdbcSqlite : public OnSqlite {
 public:
  std::string keys() const override {
    return "url = \"odbc:Driver=SQLite3;Database=" + path() + "\"\n";
  }
};

}  // namespace

std::string NameOf(Kind kind) {
  switch (kind) {
    case Kind::PostgreSql:
      return "PostgreSql";
    case Kind::MariaDb:
      return "MariaDb";
    case Kind::Sqlite:
      return "Sqlite";
    case Kind::OdbcPostgreSql:
      return "OdbcPostgreSql";
    case Kind::OdbcSqlite:
      return "OdbcSqlite";
  }
  return "";
}

std::unique_ptr<TestDatabase> MakeTestDatabase(Kind kind) {
  switch (kind) {
    case Kind::PostgreSql:
      return std::make_unique<OnPostgreSql>();
    case Kind::MariaDb:
      return std::make_unique<OnMariaDb>();
    case Kind::Sqlite:
      return std::make_unique<OnSqlite>();
    case Kind::OdbcPostgreSql:
      return std::make_unique<OnOdbcPostgreSql>();
    case Kind::OdbcSqlite:
      return std::make_unique<OnOdbcSqlite>();
  }
  return nullptr;
}

}  // namespace relay::test
