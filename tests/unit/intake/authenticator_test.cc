#include "intake/authenticator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/base64.h"
#include "support/captured_log.h"
#include "support/cpu_time.h"
#include "support/deadline.h"
#include "support/password_hash.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using std::chrono::seconds;
using test::PasswordHash;
using testing::ElementsAre;
using testing::HasSubstr;

Request PostWith(const std::string& authorization) {
  Request request;
  request.method = "POST";
  request.headers = {{"Host", "x"}, {"Authorization", authorization}};
  return request;
}

Request PostOf(const std::string& name, const std::string& password) {
  return PostWith("Basic " + EncodeBase64(name + ":" + password));
}

class AuthenticatorTest : public testing::Test {
 protected:
  Authenticator& With(const std::string& users) {
    const auto file = dir_.Write("users", users);
    authenticator_.emplace(file, LoadUsers(file).users, captured_.log());
    return *authenticator_;
  }
  Access AccessOf(Request request) {
    authenticator_->Check(request);
    EXPECT_EQ(request.verified_user.empty(), request.access != Access::Granted);
    return request.access;
  }
  // In place of the one before, as htpasswd does it.
  void Replace(const std::string& users) const {
    std::filesystem::rename(dir_.Write("users.new", users), dir_.path() / "users");
  }

  test::TempDir dir_;
  test::CapturedLog captured_;
  std::optional<Authenticator> authenticator_;
};

TEST_F(AuthenticatorTest, GrantsTheRightPasswordAndSaysWhoItIs) {
  With("rescue:" + PasswordHash("pass:word ü") + "\nJosé:" + PasswordHash("x", "$6$", 1000) +
       "\nyes:" + PasswordHash("x", "$y$", 1) + "\n");
  Request request = PostOf("rescue", "pass:word ü");
  authenticator_->Check(request);
  EXPECT_EQ(request.access, Access::Granted);
  EXPECT_EQ(request.verified_user, "rescue");
  EXPECT_EQ(AccessOf(PostOf("José", "x")), Access::Granted);
  EXPECT_EQ(AccessOf(PostOf("yes", "x")), Access::Granted);
  EXPECT_EQ(AccessOf(PostWith("bAsIc   " + EncodeBase64("yes:x") + " ")), Access::Granted);
}

TEST_F(AuthenticatorTest, DeniesWhateverElse) {
  With("rescue:" + PasswordHash("secret") + "\nempty:" + PasswordHash("") + "\n");
  Request without;
  without.method = "POST";
  const std::string right = EncodeBase64("rescue:secret");
  const Request wrong[] = {
      without,
      PostOf("rescue", "secre"),
      PostOf("rescue", "secret2"),
      PostOf("rescue", ""),
      PostOf("Rescue", "secret"),
      PostOf("nobody", "secret"),
      PostOf("", "secret"),
      PostOf("rescue", std::string("secret\0", 7)),
      PostOf("empty", std::string("\0", 1)),
      PostOf("rescue", std::string(100'000, 'x')),
      PostWith("Bearer " + right),
      PostWith("Basic"),
      PostWith("Basic "),
      PostWith(right),
      PostWith("Basic " + right.substr(0, right.size() - 1)),
      PostWith("Basic " + right + "===="),
      PostWith("Basic ****"),
      PostWith("Basic " + EncodeBase64("rescue")),
  };
  for (const Request& request : wrong) {
    EXPECT_EQ(AccessOf(request), Access::Denied) << request.headers.size();
  }
  EXPECT_EQ(AccessOf(PostOf("empty", "")), Access::Granted);
}

TEST_F(AuthenticatorTest, ComputesAHashOnceForEachPasswordRightOrWrong) {
  With("rescue:" + PasswordHash("secret") + "\n");
  for (const std::string password : {"secret", "wrong"}) {
    Request request = PostOf("rescue", password);
    EXPECT_FALSE(authenticator_->CheckKnown(request));
    EXPECT_EQ(request.access, Access::Open);
    const Access access = AccessOf(request);
    EXPECT_TRUE(authenticator_->CheckKnown(request));
    EXPECT_EQ(request.access, access);
  }
  Request same = PostOf("rescues", "ecret");
  EXPECT_FALSE(authenticator_->CheckKnown(same)) << "other credentials of the same letters";
}

TEST_F(AuthenticatorTest, KnowsWithoutAHashWhereThereIsNothingToCheck) {
  With("rescue:" + PasswordHash("secret") + "\n");
  Request none;
  none.method = "POST";
  EXPECT_TRUE(authenticator_->CheckKnown(none));
  EXPECT_EQ(none.access, Access::Denied);
  Request get = PostOf("rescue", "wrong");
  get.method = "GET";
  EXPECT_TRUE(authenticator_->CheckKnown(get));
  Request cut = PostOf("rescue", "wrong");
  cut.body_state = BodyState::TooLarge;
  EXPECT_TRUE(authenticator_->CheckKnown(cut));
}

TEST_F(AuthenticatorTest, ForgetsWrongPasswordsInTheEndAndNeverARightOne) {
  With("rescue:" + PasswordHash("secret", "$5$", 1000) + "\n");
  ASSERT_EQ(AccessOf(PostOf("rescue", "secret")), Access::Granted);
  for (int i = 0; i <= 4096; ++i) AccessOf(PostOf("rescue", "wrong" + std::to_string(i)));
  Request oldest = PostOf("rescue", "wrong0");
  Request newer = PostOf("rescue", "wrong1");
  Request right = PostOf("rescue", "secret");
  EXPECT_FALSE(authenticator_->CheckKnown(oldest));
  EXPECT_TRUE(authenticator_->CheckKnown(newer));
  EXPECT_TRUE(authenticator_->CheckKnown(right));
}

TEST_F(AuthenticatorTest, AnUnknownNameCostsAsMuchAsAKnownOne) {
  With("rescue:" + PasswordHash("secret", "$2b$", 9) + "\n");
  const auto cost_of = [&](const std::string& name) {
    return test::LeastCpuSeconds(1, [&] { AccessOf(PostOf(name, "wrong")); });
  };
  const double known = cost_of("rescue");
  EXPECT_GT(cost_of("nobody"), known / 3);
}

TEST_F(AuthenticatorTest, TakesAFileThatWasReplaced) {
  With("rescue:" + PasswordHash("old") + "\n");
  ASSERT_EQ(AccessOf(PostOf("rescue", "old")), Access::Granted);
  ASSERT_EQ(AccessOf(PostOf("rescue", "new")), Access::Denied);
  Replace("rescue:" + PasswordHash("new") + "\n");
  EXPECT_TRUE(test::Deadline(seconds(10)).Until([&] {
    return AccessOf(PostOf("rescue", "new")) == Access::Granted;
  }));
  EXPECT_EQ(AccessOf(PostOf("rescue", "old")), Access::Denied);
}

TEST_F(AuthenticatorTest, KeepsTheUsersWhereTheNewFileIsWrong) {
  With("rescue:" + PasswordHash("secret") + "\n");
  Replace("rescue:hunter2\n");
  EXPECT_TRUE(test::Deadline(seconds(10)).Until([&] {
    EXPECT_EQ(AccessOf(PostOf("rescue", "secret")), Access::Granted);
    return !captured_.lines().empty();
  }));
  std::filesystem::remove(dir_.path() / "users");
  EXPECT_TRUE(test::Deadline(seconds(10)).Until([&] {
    EXPECT_EQ(AccessOf(PostOf("rescue", "secret")), Access::Granted);
    return captured_.lines().size() > 2;
  }));
  EXPECT_THAT(captured_.lines(),
              ElementsAre(HasSubstr("users:1: a password in the open"),
                          HasSubstr("was not read again; the users before stay"),
                          HasSubstr("users: No such file or directory"),
                          HasSubstr("was not read again; the users before stay")));
}

}  // namespace
}  // namespace relay
