#include "intake/intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

#include "store/sqlite_store.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class IntakeTest : public testing::Test {
 protected:
  IntakeTest() {
    fs::create_directory(folder_);
    auto store = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
    if (!store) throw std::runtime_error(store.error().message);
    store_ = std::move(*store);
  }

  static Request PostOf(const std::string& body) {
    Request request;
    request.method = "POST";
    request.content_type = "application/x-www-form-urlencoded";
    request.body = body;
    return request;
  }

  std::vector<Reply> Handle(std::vector<Request> requests) {
    Intake intake(config_, *store_, clock_, log_, {});
    return intake.Handle(requests);
  }

  static std::vector<int> StatusesOf(const std::vector<Reply>& replies) {
    std::vector<int> statuses;
    for (const Reply& reply : replies) statuses.push_back(reply.status);
    return statuses;
  }

  void RunSql(const std::string& script) {
    auto connection = sql::Connection::Open(path_, sql::OpenMode::ReadWrite);
    ASSERT_TRUE(connection && connection->ExecuteScript(script));
  }

  test::TempDir dir_;
  fs::path folder_ = dir_.path() / "data";
  std::string path_ = folder_ / "relay.db";
  test::FakeClock clock_;
  Log log_;
  std::shared_ptr<Config> config_ = std::make_shared<Config>();
  std::unique_ptr<SqliteStore> store_;
};

TEST_F(IntakeTest, APostThatCannotBeStoredAsOneIsQuarantinedAndItsNeighboursAreStored) {
  RunSql(
      "CREATE TRIGGER refuse BEFORE INSERT ON post WHEN NEW.session_id = 'bad'"
      " BEGIN SELECT raise(ABORT, 'refused'); END");
  const auto replies = Handle({PostOf("SessionID=1"), PostOf("SessionID=bad&ChatLog=kept"),
                               PostOf("no=session"), PostOf("SessionID=2")});

  EXPECT_THAT(StatusesOf(replies), ElementsAre(200, 500, 422, 200));
  EXPECT_THAT(replies[1].text, HasSubstr("quarantined"));
  const auto kept = store_->FindQuarantined(QuarantineId{2});
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ((*kept)->raw.body, "SessionID=bad&ChatLog=kept");
  EXPECT_THAT((*kept)->reason, HasSubstr("refused"));
}

TEST_F(IntakeTest, AStoreThatIsGoneRefusesEveryPostForNow) {
  fs::rename(folder_, dir_.path() / "elsewhere");
  const auto replies = Handle({PostOf("SessionID=1"), PostOf("no=session")});
  EXPECT_THAT(StatusesOf(replies), ElementsAre(503, 503));
  EXPECT_THAT(replies[0].headers, ElementsAre(Pair("Retry-After", "30")));
}

TEST_F(IntakeTest, BelowMinFreeNothingIsStored) {
  config_->store.min_free = std::numeric_limits<std::uint64_t>::max();
  const auto replies = Handle({PostOf("SessionID=1"), PostOf("no=session")});
  EXPECT_THAT(StatusesOf(replies), ElementsAre(503, 503));
  EXPECT_EQ(store_->Totals()->posts_stored, 0);
  EXPECT_EQ(store_->Totals()->quarantined, 0);
}

}  // namespace
}  // namespace relay
