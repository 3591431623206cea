#include "watch/watcher.h"

#include "support/deadline.h"
#include "unit/watch/watch_fixture.h"

namespace relay {
namespace {

using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class WatcherTest : public WatchFixture {
 protected:
  std::unique_ptr<Watcher> Watch(const std::string& toml) {
    return std::make_unique<Watcher>(Configure(toml), Open(), measurements_, clock_,
                                     captured_.log());
  }
  std::string File() const { return test::ReadFile(dir_.path() / "rescue-relay.prom"); }
  static std::string WithFile() {
    return "[watch]\nmetrics_file = \"DIR/rescue-relay.prom\"\n"
           "[action.crm]\ntype = \"exec\"\nargv = [\"/bin/true\"]\n";
  }

  Measurements measurements_;
};

TEST_F(WatcherTest, WritesTheFileWithWhatAllProcessesMeasured) {
  Post();
  ASSERT_TRUE(store_->AddMeasured(std::vector<Measured>{{kRequests.name, "", "200", 0, 2, 0}}));
  measurements_.Add(kRequests, "", "200", 3);
  const auto watcher = Watch(WithFile());
  watcher->Look();
  EXPECT_THAT(File(), HasSubstr("rescue_relay_requests_total{status=\"200\"} 5\n"));
  EXPECT_THAT(File(), HasSubstr("rescue_relay_deliveries{action=\"crm\",state=\"due\"} 1\n"));
  EXPECT_THAT(File(), HasSubstr("rescue_relay_store_bytes "));
  EXPECT_THAT(captured_.lines(), IsEmpty());
}

TEST_F(WatcherTest, HandsOverWhatWasMeasuredLastWhenItEnds) {
  auto watcher = Watch("");
  watcher->Start();
  measurements_.Add(kAttempts, "crm", "done");
  watcher.reset();
  EXPECT_THAT(*store_->ReadMeasured(), Contains(Measured{kAttempts.name, "crm", "done", 0, 1, 0}));
}

TEST_F(WatcherTest, SaysOnceThatTheFileCannotBeWrittenAndGoesOn) {
  const auto watcher = Watch("[watch]\nmetrics_file = \"DIR/none/rescue-relay.prom\"\n");
  watcher->Look();
  watcher->Look();
  EXPECT_THAT(captured_.lines(), ElementsAre(HasSubstr("none/rescue-relay.prom")));
  std::filesystem::create_directory(dir_.path() / "none");
  watcher->Look();
  EXPECT_TRUE(std::filesystem::exists(dir_.path() / "none" / "rescue-relay.prom"));
}

TEST_F(WatcherTest, KeepsWhatItCannotHandOver) {
  const auto watcher = Watch("");
  {
    auto connection = sql::Connection::Open(path_, sql::OpenMode::ReadWrite);
    ASSERT_TRUE(connection && connection->ExecuteScript("ALTER TABLE measured RENAME TO gone"));
    measurements_.Add(kRequests, "", "200", 7);
    watcher->Look();
    ASSERT_TRUE(connection->ExecuteScript("ALTER TABLE gone RENAME TO measured"));
  }
  watcher->Look();
  EXPECT_THAT(*store_->ReadMeasured(), ElementsAre(Measured{kRequests.name, "", "200", 0, 7, 0}));
}

TEST_F(WatcherTest, EndsSoonThoughANotificationIsUnderWay) {
  Die();
  auto watcher = Watch(
      "[action.crm]\ntype = \"exec\"\nargv = [\"/bin/true\"]\n"
      "[action.slow]\ntype = \"exec\"\nargv = [\"/bin/sh\", \"-c\", \"touch DIR/begun; sleep "
      "60\"]\n"
      "timeout = \"60s\"\n[notify]\naction = \"slow\"\n");
  watcher->Start();
  ASSERT_TRUE(test::Deadline(seconds(30)).Until([&] {
    return std::filesystem::exists(dir_.path() / "begun");
  }));
  const auto began = std::chrono::steady_clock::now();
  watcher.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(10));
  EXPECT_THAT(captured_.lines(), Contains(HasSubstr("could not be notified")));
}

}  // namespace
}  // namespace relay
