#include "config/load_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LoadFileTest : public testing::Test {
 protected:
  LoadedConfig Load(const std::string& keys) const {
    return LoadConfig(dir_.Write("relay.toml", "[action.a]\ntype = \"file\"\n" + keys).string(),
                      [](const std::string&) { return std::nullopt; });
  }
  FileConfig Good(const std::string& keys) const {
    const LoadedConfig loaded = Load(keys);
    EXPECT_THAT(loaded.problems, IsEmpty());
    if (!loaded.config) return {};
    return std::get<FileConfig>(loaded.config->FindAction("a")->what);
  }

  test::TempDir dir_;
};

TEST_F(LoadFileTest, WritesTheWholeDocumentInJsonUnlessItIsToldOtherwise) {
  const FileConfig file = Good("path = \"/srv/{{ .received_at[0:10] }}/{{ .event }}.jsonl\"");
  EXPECT_EQ(file.fixed_folder, "/srv");
  EXPECT_EQ(file.mode, 0640u);
  EXPECT_FALSE(std::get<JsonLines>(file.format).json);
  EXPECT_EQ(file.path.text.expressions().size(), 2u);
}

TEST_F(LoadFileTest, KnowsWhichFoldersAreFixed) {
  const std::vector<std::pair<const char*, const char*>> rows{
      {"/log", "/"},
      {"/{{ .event }}", "/"},
      {"/srv/a/log", "/srv/a"},
      {"/srv/a-{{ .event }}/log", "/srv"},
      {"/srv/a/{{ .event }}/b/log", "/srv/a"},
  };
  for (const auto& [path, folder] : rows) {
    EXPECT_EQ(Good("path = \"" + std::string(path) + "\"").fixed_folder, folder) << path;
  }
}

TEST_F(LoadFileTest, ReadsEveryKeyOfCsv) {
  const FileConfig file = Good(R"(
path = "/srv/log.csv"
format = "csv"
columns = ["SessionID", "session.posts"]
header = false
mode = "0600"
)");
  const auto& csv = std::get<CsvRows>(file.format);
  ASSERT_EQ(csv.columns.size(), 2u);
  EXPECT_EQ(csv.columns[1].name, "session.posts");
  EXPECT_THAT(csv.columns[1].steps, ElementsAre("session", "posts"));
  EXPECT_FALSE(csv.header);
  EXPECT_EQ(file.mode, 0600u);
}

TEST_F(LoadFileTest, HasAColumnForEachVariableUnlessTheyAreNamed) {
  const auto csv = std::get<CsvRows>(Good("path = \"/x\"\nformat = \"csv\"").format);
  ASSERT_EQ(csv.columns.size(), 36u);
  EXPECT_EQ(csv.columns[0].name, "post_id");
  EXPECT_EQ(csv.columns[3].name, "SessionID");
  EXPECT_EQ(csv.columns[35].name, "transcript");
  EXPECT_TRUE(csv.header);
}

TEST_F(LoadFileTest, ReportsWhatCannotBe) {
  struct Row {
    const char* keys;
    const char* problem;
  };
  const std::vector<Row> rows{
      {"", "path: is missing"},
      {"path = 1", "path: must be a string"},
      {R"(path = "srv/log")", "path: must be absolute"},
      {R"(path = "{{ .event }}/log")", "path: must be absolute"},
      {R"(path = "/srv/{{ .event }}/")", "path: must name a file"},
      {R"(path = "/x"
mode = "640x")",
       "mode: must be an octal mode"},
      {R"(path = "/x"
mode = "0440")",
       "mode: must be an octal mode"},
      {R"(path = "/x"
mode = "04640")",
       "mode: must be an octal mode"},
      {R"(path = "/x"
format = "xml")",
       "format: must be one of"},
      {R"(path = "/x"
columns = ["event"])",
       "columns: goes with format = \"csv\""},
      {R"(path = "/x"
format = "csv"
json = "{{ . }}")",
       "json: goes with format = \"jsonl\""},
      {R"(path = "/x"
format = "csv"
columns = [])",
       "columns: must name one at least"},
      {R"(path = "/x"
format = "csv"
columns = ["TechNme"])",
       "columns: a post has no \"TechNme\" (did you mean \"TechName\"?)"},
      {R"(path = "/x"
format = "csv"
columns = ["session..posts"])",
       "columns: \"session..posts\" has an empty part"},
  };
  for (const Row& row : rows) {
    EXPECT_THAT(Load(row.keys).problems, Contains(HasSubstr(row.problem))) << row.keys;
  }
}

}  // namespace
}  // namespace relay
