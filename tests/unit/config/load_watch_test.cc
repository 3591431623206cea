// [watch] and [notify].
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LoadWatchTest : public testing::Test {
 protected:
  LoadedConfig Load(const std::string& text) {
    return LoadConfig(dir_.Write("relay.toml", text).string(),
                      [](const std::string&) { return std::optional<std::string>(); });
  }
  test::TempDir dir_;
};

constexpr const char* kMail = "[action.mail]\ntype = \"exec\"\nargv = [\"/bin/true\"]\n";

TEST_F(LoadWatchTest, ReadsWhatIsThere) {
  const auto loaded = Load(std::string(kMail) +
                           "[watch]\nlog_posts = false\nmetrics_file = \"/srv/r.prom\"\n"
                           "[notify]\naction = \"mail\"\nevery = \"2h\"\nbacklog = \"30m\"\n");
  ASSERT_THAT(loaded.problems, IsEmpty());
  EXPECT_FALSE(loaded.config->watch.log_posts);
  EXPECT_EQ(loaded.config->watch.metrics_file, "/srv/r.prom");
  EXPECT_TRUE(loaded.config->NotifiesBy("mail"));
  EXPECT_EQ(loaded.config->notify->every, std::chrono::hours(2));
  EXPECT_EQ(loaded.config->notify->backlog, std::chrono::minutes(30));
}

TEST_F(LoadWatchTest, HasDefaults) {
  const auto nothing = Load("");
  EXPECT_TRUE(nothing.config->watch.log_posts);
  EXPECT_EQ(nothing.config->watch.metrics_file, "");
  EXPECT_FALSE(nothing.config->notify);
  EXPECT_FALSE(nothing.config->NotifiesBy(""));
  const auto notify = Load(std::string(kMail) + "[notify]\naction = \"mail\"\n");
  EXPECT_EQ(notify.config->notify->every, std::chrono::hours(1));
  EXPECT_EQ(notify.config->notify->backlog, std::chrono::hours(1));
}

TEST_F(LoadWatchTest, NamesWhatIsWrong) {
  struct Row {
    std::string toml;
    const char* problem;
  };
  const Row rows[] = {
      {"[watch]\nlog_post = true\n",
       R"(relay.toml:2: watch: unknown key "log_post" (did you mean "log_posts"?))"},
      {"[watch]\nmetrics_file = \"r.prom\"\n",
       "relay.toml:2: watch: metrics_file: must be an absolute path"},
      {"[watch]\nmetrics_file = \"/srv/r.txt\"\n", "that ends in .prom"},
      {"[notify]\nevery = \"1h\"\n", "relay.toml:1: notify: action: is missing"},
      {"[notify]\naction = 7\n", "relay.toml:2: notify: action: must be a string"},
      {std::string(kMail) + "[notify]\naction = \"mial\"\n",
       R"(relay.toml:5: notify: action: there is no action "mial" (did you mean "mail"?))"},
      {std::string(kMail) + "when = \"true\"\n[notify]\naction = \"mail\"\n", "has a `when`"},
      {std::string(kMail) + "[notify]\naction = \"mail\"\nevry = \"1h\"\n",
       R"(unknown key "evry" (did you mean "every"?))"},
      {std::string(kMail) + "[notify]\naction = \"mail\"\nbacklog = \"soon\"\n",
       "notify: backlog: must be a duration"},
  };
  for (const Row& row : rows) {
    EXPECT_THAT(Load(row.toml).problems, ElementsAre(HasSubstr(row.problem))) << row.toml;
  }
}

}  // namespace
}  // namespace relay
