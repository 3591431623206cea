#include "config/users.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/password_hash.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;

class UsersTest : public testing::Test {
 protected:
  LoadedUsers Load(const std::string& text) const { return LoadUsers(dir_.Write("users", text)); }
  // Of a file with this line alone; without the name of the file.
  std::string ProblemOf(const std::string& line) const {
    const auto problems = Load(line + "\n").problems;
    if (problems.size() != 1) return std::to_string(problems.size()) + " problems";
    const std::string start = (dir_.path() / "users").string() + ":1: ";
    return problems[0].starts_with(start) ? problems[0].substr(start.size()) : problems[0];
  }

  test::TempDir dir_;
};

TEST_F(UsersTest, TakesEveryStrongHash) {
  const std::pair<const char*, unsigned long> kinds[] = {
      {"$2b$", 4}, {"$2y$", 4}, {"$2a$", 4}, {"$5$", 1000}, {"$6$", 1000}, {"$y$", 1}, {"$7$", 6}};
  for (const auto& [kind, cost] : kinds) {
    const std::string hash = test::PasswordHash("secret", kind, cost);
    const LoadedUsers loaded = Load("rescue:" + hash + "\n");
    EXPECT_THAT(loaded.problems, IsEmpty()) << kind;
    EXPECT_THAT(loaded.users, ElementsAre(testing::Pair("rescue", hash))) << kind;
  }
}

TEST_F(UsersTest, ReadsWhatEditorsAndNginxLeave) {
  const std::string hash = test::PasswordHash("secret");
  const LoadedUsers loaded =
      Load("# who may post\r\n\r\n  ada:" + hash + "  \r\nJosé Ø:" + hash + ":a comment");
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_THAT(loaded.users, ElementsAre(Key("José Ø"), Key("ada")));
  EXPECT_EQ(loaded.users.at("ada"), hash);
  EXPECT_EQ(loaded.users.at("José Ø"), hash);
}

TEST_F(UsersTest, RefusesWeakHashesAndSaysWhatToDo) {
  const std::string how = "make one with `htpasswd -B` or `mkpasswd`";
  const std::string guessed = " is refused: such passwords are guessed fast; " + how;
  EXPECT_EQ(ProblemOf("ada:$apr1$abcdefgh$WuSoRVWoLWFZSmyPYHgfi/"), "MD5" + guessed);
  EXPECT_EQ(ProblemOf("ada:$1$abcdefgh$irWbblnpmw.5z7wgBnprh0"), "MD5" + guessed);
  EXPECT_EQ(ProblemOf("ada:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="), "SHA-1" + guessed);
  EXPECT_EQ(ProblemOf("ada:{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ="), "SHA-1" + guessed);
  const std::string open = "a password in the open, or a hash of a kind that is refused; " + how;
  EXPECT_EQ(ProblemOf("ada:hunter2"), open);
  EXPECT_EQ(ProblemOf("ada:"), open);
  EXPECT_EQ(ProblemOf("ada:abJnggxhB/yWI"), open) << "DES";
}

TEST_F(UsersTest, RefusesWhatIsNoLineOfUsers) {
  EXPECT_EQ(ProblemOf("ada"), "must be NAME:HASH");
  EXPECT_EQ(ProblemOf(":" + test::PasswordHash("x")), "must be NAME:HASH");
  EXPECT_EQ(ProblemOf("ada:$2b$nonsense"), "the hash is damaged");
  EXPECT_EQ(ProblemOf("ada:$6$rounds=x$"), "the hash is damaged");
}

TEST_F(UsersTest, NamesEveryLineAndShowsNoHash) {
  const std::string hash = test::PasswordHash("secret");
  const auto problems = Load("ada:" + hash + "\nbo:hunter2\nada:" + hash + "\n").problems;
  EXPECT_THAT(problems, ElementsAre(HasSubstr("users:2: a password in the open"),
                                    HasSubstr("users:3: the name stands in the file twice")));
  for (const std::string& problem : problems) EXPECT_THAT(problem, Not(HasSubstr("hunter2")));
}

TEST_F(UsersTest, AFileThatLetsInNobodyIsAMistake) {
  EXPECT_THAT(Load("# nobody yet\n").problems, ElementsAre(HasSubstr("it has no users")));
  EXPECT_THAT(Load("").problems, ElementsAre(HasSubstr("it has no users")));
  EXPECT_THAT(LoadUsers(dir_.path() / "none").problems,
              ElementsAre(HasSubstr("/none: No such file or directory")));
  EXPECT_THAT(LoadUsers(dir_.path()).problems, ElementsAre(HasSubstr("cannot read")));
}

}  // namespace
}  // namespace relay
