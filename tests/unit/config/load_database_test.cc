// The keys of an action of type "database".
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LoadedConfig LoadDatabase(const std::string& keys) {
  const test::TempDir dir;
  const auto file = dir.Write("relay.toml", "[action.crm]\ntype = \"database\"\n" + keys);
  return LoadConfig(file.string(), [](const std::string&) { return std::nullopt; });
}

DatabaseConfig Good(const std::string& keys) {
  LoadedConfig loaded = LoadDatabase(keys);
  EXPECT_THAT(loaded.problems, IsEmpty());
  if (!loaded.config) return {};
  return std::get<DatabaseConfig>(loaded.config->actions.front().what);
}

template <class Address>
Address AddressOf(const std::string& url) {
  const DatabaseConfig database = Good("url = \"" + url + "\"\ntable = \"t\"\n");
  const auto* address = std::get_if<Address>(&database.address);
  EXPECT_NE(address, nullptr) << url;
  return address == nullptr ? Address{} : *address;
}

TEST(LoadDatabase, ReadsTheAddressOfEachKind) {
  EXPECT_EQ(AddressOf<PostgreSqlAddress>("postgresql://relay@db/crm").url,
            "postgresql://relay@db/crm");
  EXPECT_EQ(AddressOf<PostgreSqlAddress>("postgres://a,b/crm?sslmode=require").url,
            "postgres://a,b/crm?sslmode=require");
  EXPECT_EQ(AddressOf<SqliteAddress>("sqlite:/srv/crm.db").path, "/srv/crm.db");
  EXPECT_EQ(AddressOf<SqliteAddress>("sqlite:///srv/crm.db").path, "/srv/crm.db");
  EXPECT_EQ(AddressOf<OdbcAddress>("odbc:DSN=crm;X={a;b}").connection, "DSN=crm;X={a;b}");
  const auto mysql = AddressOf<MySqlAddress>("mysql://re%40lay@db.example:3307/crm");
  EXPECT_EQ(mysql.user, "re@lay");
  EXPECT_EQ(mysql.host, "db.example");
  EXPECT_EQ(mysql.port, 3307u);
  EXPECT_EQ(mysql.database, "crm");
  EXPECT_EQ(AddressOf<MySqlAddress>("mariadb://[::1]:3307/crm").host, "::1");
  EXPECT_EQ(AddressOf<MySqlAddress>("mysql:///crm?socket=/run/my%20sql.sock").socket,
            "/run/my sql.sock");
}

TEST(LoadDatabase, RefusesAddressesThatAreNone) {
  for (const char* url : {"", "crm", "oracle://db/crm", "mysql://", "mysql://db", "mysql:///crm",
                          "mysql://db:x/crm", "mysql://db:70000/crm", "mysql://db/crm?ssl=1",
                          "sqlite:", "sqlite:crm.db", "sqlite::memory:", "odbc:", "odbc: "}) {
    EXPECT_THAT(LoadDatabase(fmt::format("url = \"{}\"\ntable = \"t\"\n", url)).problems,
                ElementsAre(HasSubstr("url: ")))
        << url;
  }
}

TEST(LoadDatabase, RefusesAPasswordInTheAddressAndDoesNotRepeatIt) {
  for (const char* url :
       {"postgresql://relay:hunter2@db/crm", "postgres://db/crm?user=a&password=hunter2",
        "mysql://relay:hunter2@db/crm", "odbc:DSN=crm;PWD=hunter2",
        "odbc:DSN=crm; Password =hunter2"}) {
    const auto problems = LoadDatabase(fmt::format("url = \"{}\"\ntable = \"t\"\n", url)).problems;
    EXPECT_THAT(problems, ElementsAre(HasSubstr("must not hold a password"))) << url;
    EXPECT_EQ(problems.front().find("hunter2"), std::string::npos);
  }
}

TEST(LoadDatabase, TakesATableOrSqlAndNotBoth) {
  const std::string url = "url = \"sqlite:/srv/crm.db\"\n";
  EXPECT_THAT(LoadDatabase(url).problems, ElementsAre(HasSubstr("table: is missing")));
  EXPECT_THAT(LoadDatabase(url + "table = \"t\"\nsql = \"DELETE FROM t\"\n").problems,
              ElementsAre(HasSubstr("either table or sql")));
  EXPECT_THAT(LoadDatabase(url + "sql = []\n").problems,
              ElementsAre(HasSubstr("holds no statement")));
  EXPECT_THAT(LoadDatabase("table = \"t\"\n").problems, ElementsAre(HasSubstr("url: is missing")));
  EXPECT_THAT(LoadDatabase(url + "table = \"t\"\nca_file = \"/x\"\n").problems,
              ElementsAre(HasSubstr("ca_file")));
  EXPECT_THAT(LoadDatabase(url + "tabel = \"t\"\n").problems,
              testing::Contains(HasSubstr("did you mean \"table\"?")));
}

TEST(LoadDatabase, TakesNamesOfTablesOnlyWhereTheyNeedNoQuotes) {
  const auto problems = [](const std::string& name) {
    return LoadDatabase(fmt::format("url = \"sqlite:/srv/crm.db\"\ntable = '{}'\n", name)).problems;
  };
  for (const char* name : {"t", "rescue_session", "crm.Session2", "_x"}) {
    EXPECT_THAT(problems(name), IsEmpty()) << name;
  }
  for (const std::string& name :
       {std::string(""), std::string("a.b.c"), std::string("2t"), std::string("t;--"),
        std::string("\"t\""), std::string("t t"), std::string(".t"), std::string("t."),
        std::string("{{ .x }}"), std::string(59, 't')}) {
    EXPECT_THAT(problems(name), ElementsAre(HasSubstr("table: must be a name"))) << name;
  }
}

struct Statement {
  const char* database;
  const char* sql;
  const char* problem;  // nullptr: none
};

constexpr const char* kPostgreSql = "postgresql://db/crm";
constexpr const char* kMySql = "mysql://db/crm";
constexpr const char* kSqlite = "sqlite:/crm.db";
constexpr const char* kOdbc = "odbc:DSN=crm";
constexpr const char* kQuotes = "without quotes";
constexpr const char* kComment = "stands in a comment";
constexpr const char* kSeveral = "several statements";

class LoadSql : public testing::TestWithParam<Statement> {};

TEST_P(LoadSql, TakesExpressionsOnlyWhereAValueCanStand) {
  const Statement& row = GetParam();
  const auto loaded =
      LoadDatabase(fmt::format("url = \"{}\"\nsql = '''{}'''\n", row.database, row.sql));
  if (row.problem == nullptr) {
    EXPECT_THAT(loaded.problems, IsEmpty());
  } else {
    EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr(row.problem)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Fine, LoadSql,
    testing::Values(Statement{kPostgreSql, "INSERT INTO s VALUES ({{ .a }}, {{ .b }})", nullptr},
                    Statement{kPostgreSql, "SELECT 'it''s', {{ .a }}", nullptr},
                    Statement{kPostgreSql, "SELECT \"a'b\", {{ .a }}", nullptr},
                    Statement{kPostgreSql, R"(SELECT E'it\'s', {{ .a }})", nullptr},
                    Statement{kPostgreSql, R"(SELECT 'a\', {{ .a }})", nullptr},
                    Statement{kPostgreSql, "SELECT $$it's$$, {{ .a }}", nullptr},
                    Statement{kPostgreSql, "SELECT $x$it's $$ $x$, {{ .a }}", nullptr},
                    Statement{kPostgreSql, "SELECT a$1 ? {{ .a }}", nullptr},
                    Statement{kPostgreSql, "SELECT {{ .a }} -- it's\n, 1", nullptr},
                    Statement{kPostgreSql, "SELECT /* it's */ {{ .a }};\n", nullptr},
                    Statement{kMySql, R"(SELECT 'it\'s', "it's", {{ .a }})", nullptr},
                    Statement{kMySql, "SELECT `it's`, {{ .a }} # it's", nullptr},
                    Statement{kSqlite, "SELECT {{ .a }};", nullptr},
                    Statement{kOdbc, "SET NOCOUNT ON; INSERT INTO s VALUES ({{ .a }})", nullptr}));

INSTANTIATE_TEST_SUITE_P(
    Wrong, LoadSql,
    testing::Values(Statement{kPostgreSql, "INSERT INTO s VALUES ('{{ .a }}')", kQuotes},
                    Statement{kPostgreSql, "SELECT 'it''s {{ .a }}'", kQuotes},
                    Statement{kPostgreSql, "SELECT \"{{ .a }}\"", kQuotes},
                    Statement{kPostgreSql, R"(SELECT E'\'{{ .a }}')", kQuotes},
                    Statement{kPostgreSql, "SELECT $$ {{ .a }} $$", kQuotes},
                    Statement{kPostgreSql, "SELECT 1 -- {{ .a }}", kComment},
                    Statement{kPostgreSql, "SELECT /* {{ .a }} */ 1", kComment},
                    Statement{kPostgreSql, "SELECT $1, {{ .a }}", "\"$1\""},
                    Statement{kPostgreSql, "SELECT 'a, {{ .a | length }}'", kQuotes},
                    Statement{kPostgreSql, "SELECT 'a", "not closed"},
                    Statement{kPostgreSql, "DELETE FROM s; INSERT INTO s VALUES ({{ .a }})",
                              kSeveral},
                    Statement{kPostgreSql, "DELETE FROM s;{{ .a }}", kSeveral},
                    Statement{kMySql, R"(SELECT '\'{{ .a }}')", kQuotes},
                    Statement{kMySql, "SELECT `{{ .a }}`", kQuotes},
                    Statement{kMySql, "SELECT ?, {{ .a }}", "\"?\""},
                    Statement{kSqlite, "SELECT 1; SELECT 2", kSeveral},
                    Statement{kOdbc, "SELECT ?", "\"?\""}));

TEST(LoadDatabase, NamesTheStatementOfAListThatIsWrong) {
  const auto loaded = LoadDatabase(
      "url = \"sqlite:/srv/crm.db\"\nsql = [\"DELETE FROM s\", \"SELECT '{{ .a }}'\"]\n");
  EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("sql[1]: {{ .a }}: write {{ }} without")));
}

}  // namespace
}  // namespace relay
