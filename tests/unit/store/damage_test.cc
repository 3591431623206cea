// Damage that was done to the file of the store, and what is said of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "store/sqlite_store.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DamageTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(store_);
    Accept("1", "one", {{"crm", Order::Session, OnDead::Skip, ""}});
    Accept("2", "two", {{"crm", Order::Session, OnDead::Skip, "dead"}});
  }

  void Accept(const std::string& session, const std::string& body,
              const std::vector<NewDelivery>& deliveries) {
    RawPost raw;
    raw.body = body;
    const NewPost post{raw, session,
                       [&](PostId, const SessionState& before, const ReadTranscript&) {
                         Plan plan{before, {Event::Started, EventSource::Inferred, ""}, deliveries};
                         plan.state.technicians = {"Ada"};
                         ++plan.state.posts;
                         return Result<Plan>(plan);
                       }};
    for (const auto& accepted : (*store_)->Accept({&post, 1})) ASSERT_TRUE(accepted.ok());
  }

  void Run(const std::string& script) {
    auto connection = sql::Connection::Open(path_, sql::OpenMode::ReadWrite);
    ASSERT_TRUE(connection && connection->ExecuteScript(script).ok());
  }

  // "post/delivery what" of each.
  std::vector<std::string> Find(DamageScope scope = DamageScope::Everything) {
    std::vector<std::string> found;
    auto looked = (*store_)->FindDamage(scope, [&](const Damage& damage) {
      found.push_back((damage.post ? ToString(*damage.post) : "") + "/" +
                      (damage.delivery ? ToString(*damage.delivery) : "") + " " + damage.what);
    });
    EXPECT_TRUE(looked.ok());
    return found;
  }

  test::TempDir dir_;
  std::string path_ = dir_.path() / "relay.db";
  Result<std::unique_ptr<SqliteStore>> store_ = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
};

TEST_F(DamageTest, APostWithOtherBytesThanWereStored) {
  struct Row {
    const char* wrong;
    const char* right;
  };
  for (const Row& row :
       {Row{"adds = x'28'", "adds = x''"}, Row{"body = x'00'", "packed = 0, body = x'6f6e65'"},
        Row{"query = 'q'", "query = ''"}, Row{"endpoint = 'closed'", "endpoint = ''"},
        Row{"content_type = 'text/xml'", "content_type = ''"}}) {
    SCOPED_TRACE(row.wrong);
    Run(std::string("UPDATE post SET ") + row.wrong + " WHERE id = 1");
    EXPECT_THAT(Find(), ElementsAre("1/ its bytes are not those that were stored"));
    EXPECT_THAT(Find(DamageScope::Undelivered),
                ElementsAre("1/1 its bytes are not those that were stored"));
    Run(std::string("UPDATE post SET ") + row.right + " WHERE id = 1");
  }
  EXPECT_THAT(Find(), IsEmpty());
}

TEST_F(DamageTest, OfPostsThatAreDeliveredOnlyWhereEverythingIsLookedAt) {
  Run("UPDATE post SET body = x'00' WHERE id = 2");
  EXPECT_THAT(Find(DamageScope::Undelivered), IsEmpty());
  EXPECT_THAT(Find(), ElementsAre(HasSubstr("2/ ")));
}

TEST_F(DamageTest, ADeliveryWithoutItsPost) {
  Run("DELETE FROM post WHERE id = 1; DELETE FROM session WHERE session_id = '1'");
  EXPECT_THAT(Find(), ElementsAre("1/1 its post is missing"));
  EXPECT_THAT(Find(DamageScope::Undelivered), ElementsAre("1/1 it is missing"));
}

TEST_F(DamageTest, APostWithoutItsSession) {
  Run("DELETE FROM session WHERE session_id = '1'");
  EXPECT_THAT(Find(), ElementsAre("1/ its session is missing"));
}

TEST_F(DamageTest, ASessionWithoutPosts) {
  Run("DELETE FROM post WHERE id = 2; DELETE FROM delivery WHERE post_id = 2");
  EXPECT_THAT(Find(), ElementsAre("/ a session has no posts"));
}

TEST_F(DamageTest, ASessionWhoseRowCannotBeRead) {
  for (const char* wrong : {"technicians = 'Ada'", "technicians = '[1]'", "technicians = '{}'",
                            "held_digest = x'00'", "held_tail = 'longer than what is held'"}) {
    Run("CREATE TABLE kept AS SELECT * FROM session");
    Run(std::string("UPDATE session SET ") + wrong + " WHERE session_id = '1'");
    EXPECT_THAT(Find(), ElementsAre("1/ the row of its session cannot be read")) << wrong;
    Run("DELETE FROM session; INSERT INTO session SELECT * FROM kept; DROP TABLE kept");
  }
}

TEST_F(DamageTest, OnePostThatCannotBeReadDoesNotEndTheLook) {
  // Its body is on pages of its own; one of them is made to point nowhere. Noise stays as it is
  // where it is packed.
  std::minstd_rand random(1);
  std::string noise(100'000, '\0');
  for (char& c : noise) c = static_cast<char>(random() >> 8);
  Accept("3", noise, {{"crm", Order::Session, OnDead::Skip, ""}});
  Accept("4", "four", {{"crm", Order::Session, OnDead::Skip, ""}});
  Run("UPDATE post SET body = x'00' WHERE id = 4; PRAGMA wal_checkpoint(TRUNCATE)");
  store_ = Error{ErrorKind::Temporary, "closed"};
  std::string bytes = test::ReadFile(path_);
  constexpr std::size_t kPage = 8192;
  std::size_t page = 0;
  while (page < bytes.size() && noise.find(bytes.substr(page + 4, kPage - 4)) == noise.npos) {
    page += kPage;
  }
  ASSERT_LT(page, bytes.size());
  bytes.replace(page, 4, "\xff\xff\xff\xff");
  dir_.Write("relay.db", bytes);
  store_ = SqliteStore::Open(path_, sql::OpenMode::ReadOnly);
  ASSERT_TRUE(store_);

  EXPECT_THAT(Find(DamageScope::Undelivered),
              ElementsAre(HasSubstr("3/3 it cannot be read: "),
                          "4/4 its bytes are not those that were stored"));
  const auto everything = Find();
  ASSERT_FALSE(everything.empty());
  EXPECT_THAT(everything[0], HasSubstr("/ the file: ")) << "quick_check found nothing";
}

}  // namespace
}  // namespace relay
