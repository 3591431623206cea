// The files of deploy/recipes for databases, as they stand. Only where the server is, and whose
// certificates it has, are replaced by what the test has; what an administrator is told to do is
// done.
//
// There is no SQL Server in Debian, nor its driver: that recipe delivers by another driver into
// PostgreSQL, and the statements for SQL Server itself are looked at alone.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "e2e/database/test_database.h"
#include "e2e/deployment.h"
#include "support/fcgi_client.h"

namespace relay::test {
namespace {

using testing::HasSubstr;

std::string Recipe(const std::string& name) {
  return ReadFile(std::filesystem::path(RELAY_SOURCE_DIR) / "deploy/recipes" / name);
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("the recipe does not hold " + from);
  return text.replace(at, from.size(), to);
}

// The indented lines of its comments.
std::string ForTheAdministrator(const std::string& recipe) {
  std::istringstream lines(recipe);
  std::string script;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#   ")) script += line.substr(4) + "\n";
  }
  return script;
}

// Delivers one post through the recipe.
void Deliver(const std::string& config, const std::string& secret_file) {
  const Installation installation("[delivery]\nrun_in = \"service\"\n" + config);
  WriteSecret(installation.dir() / secret_file, "change me\n");
  const Service service(installation);
  const std::string body = "SessionID=7001&TechName=Ada&ChatLog=10:00%20hi%0A";
  FcgiClient client(service.socket());
  client.Send(FcgiRequest(FcgiPostParams(body), body));
  const auto reply = client.ReadReply();
  ASSERT_TRUE(reply);
  ASSERT_EQ(reply->status(), 200) << reply->body();
  const Finished check = installation.Relay({"check"});
  EXPECT_EQ(check.code, 0) << check.err;
  EXPECT_EQ(installation.Relay({"deliver", "--once"}).code, 0);
  const auto rows = installation.List({"queue", "list"});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0]["state"], "done") << rows[0].dump();
}

// What the recipe tells the administrator to do, also where another test has done it.
std::unique_ptr<TestDatabase> PreparedPostgreSql() {
  auto database = MakeTestDatabase(Kind::PostgreSql);
  database->RunAsAdmin(
      "DROP DATABASE IF EXISTS crm WITH (FORCE);\nDROP ROLE IF EXISTS rescue_relay;\n" +
      ForTheAdministrator(Recipe("postgresql.toml")));
  return database;
}

TEST(Recipe, PostgreSqlDelivers) {
  const auto database = PreparedPostgreSql();
  const std::string recipe = Recipe("postgresql.toml");
  Deliver(Replaced(Replaced(recipe, "db.example:5432",
                            "127.0.0.1:" + std::to_string(database->server().port)),
                   "/etc/ssl/certs/ca-certificates.crt", database->server().ca_file),
          "postgresql_password");
  EXPECT_EQ(database->RunAsAdmin("\\connect crm\nSELECT tech_name FROM rescue.session"), "Ada");
  EXPECT_EQ(database->RunAsAdmin("\\connect crm\nSELECT event FROM rescue.session_post"),
            "started");
}

TEST(Recipe, MariaDbDelivers) {
  const auto database = MakeTestDatabase(Kind::MariaDb);
  const std::string recipe = Recipe("mariadb.toml");
  database->RunAsAdmin(ForTheAdministrator(recipe));
  Deliver(Replaced(Replaced(recipe, "db.example:3306",
                            "127.0.0.1:" + std::to_string(database->server().port)),
                   "/etc/ssl/certs/ca-certificates.crt", database->server().ca_file),
          "mariadb_password");
  EXPECT_EQ(database->RunAsAdmin("SELECT tech_name FROM rescue.session"), "Ada");
  EXPECT_EQ(database->RunAsAdmin("SELECT event FROM rescue.session_post"), "started");
}

// As it stands but for the driver and what the driver is told; the administrator's part, too, is
// PostgreSQL's.
TEST(Recipe, SqlServerDeliversByTheDriverOfPostgreSql) {
  const auto database = PreparedPostgreSql();
  Deliver(Replaced(Recipe("sqlserver.toml"),
                   "Driver={ODBC Driver 18 for SQL Server};Server=tcp:sql.example,1433;"
                   "Database=crm;Encrypt=yes",
                   fmt::format("Driver={{PostgreSQL Unicode}};Server=127.0.0.1;Port={};"
                               "Database=crm;SSLmode=require",
                               database->server().port)),
          "sqlserver_password");
  EXPECT_EQ(database->RunAsAdmin("\\connect crm\nSELECT tech_name FROM rescue.session"), "Ada");
  EXPECT_EQ(database->RunAsAdmin("\\connect crm\nSELECT event FROM rescue.session_post"),
            "started");
}

TEST(Recipe, SqlServerIsLoadedAndRendered) {
  const Installation installation(Recipe("sqlserver.toml"));
  EXPECT_THAT(installation.Relay({"check"}).err, HasSubstr("sqlserver_password"));
  WriteSecret(installation.dir() / "sqlserver_password", "change me\n");
  const Finished check = installation.Relay({"check"});
  EXPECT_EQ(check.code, 0) << check.err;
  const Finished shown = installation.Relay({"action", "try", "sqlserver"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("INSERT INTO rescue.session ("));
}

}  // namespace
}  // namespace relay::test
