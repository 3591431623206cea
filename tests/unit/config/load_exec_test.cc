#include "config/load_exec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class LoadExecTest : public testing::Test {
 protected:
  LoadedConfig Load(const std::string& keys) const {
    return LoadConfig(dir_.Write("relay.toml", "[action.a]\ntype = \"exec\"\n" + keys).string(),
                      [](const std::string&) { return std::nullopt; });
  }

  test::TempDir dir_;
};

TEST_F(LoadExecTest, ReadsEveryKey) {
  const LoadedConfig loaded = Load(R"(
argv = ["/bin/echo", "--", "{{ .SessionID }}"]
env = { CASE = "{{ .Tracking0 }}" }
directory = "/srv"
limits = { memory = "512MiB", cpu = "10s", files = 64 }
)");
  ASSERT_THAT(loaded.problems, IsEmpty());
  const auto exec = std::get<ExecConfig>(loaded.config->FindAction("a")->what);
  EXPECT_EQ(exec.argv.size(), 3u);
  ASSERT_EQ(exec.env.size(), 1u);
  EXPECT_EQ(exec.env[0].name, "CASE");
  EXPECT_EQ(exec.env[0].value.place, "env.CASE");
  EXPECT_EQ(exec.directory, "/srv");
  EXPECT_EQ(exec.limits.memory, std::uint64_t{512} << 20);
  EXPECT_EQ(exec.limits.cpu, std::chrono::seconds(10));
  EXPECT_EQ(exec.limits.files, 64);
}

TEST_F(LoadExecTest, LimitsNothingUnlessItIsTold) {
  const LoadedConfig loaded = Load("argv = [\"/bin/true\"]");
  ASSERT_THAT(loaded.problems, IsEmpty());
  const auto exec = std::get<ExecConfig>(loaded.config->FindAction("a")->what);
  EXPECT_EQ(exec.directory, "/");
  EXPECT_FALSE(exec.limits.memory || exec.limits.cpu || exec.limits.files);
}

TEST_F(LoadExecTest, ReportsWhatCannotBe) {
  struct Row {
    const char* keys;
    const char* problem;
  };
  const std::vector<Row> rows{
      {"", "argv: is missing"},
      {"argv = \"/bin/true\"", "argv: must be a list"},
      {"argv = []", "argv: must be a list"},
      {"argv = [7]", "argv[0]: must be a string"},
      {"argv = [\"true\"]", "argv: the program must be named by its absolute path"},
      {"argv = [\"/bin/{{ .event }}\"]", "argv: the program cannot be chosen by an expression"},
      {"argv = [\"/bin/true\"]\ndirectory = \"tmp\"", "directory: must be absolute"},
      {"argv = [\"/bin/true\"]\nenv = { \"A=B\" = \"x\" }", "env: \"A=B\" is no name"},
      {"argv = [\"/bin/true\"]\nenv = { 1A = \"x\" }", "env: \"1A\" is no name"},
      {"argv = [\"/bin/true\"]\nenv = { RESCUE_RELAY_DELIVERY = \"x\" }",
       "env: RESCUE_RELAY_DELIVERY is not for the configuration"},
      {"argv = [\"/bin/true\"]\nlimits = { memory = \"x\" }", "limits: memory: must be a size"},
      {"argv = [\"/bin/true\"]\nlimits = { cpu = \"1500ms\" }", "limits: cpu: must be whole"},
      {"argv = [\"/bin/true\"]\nlimits = { files = 1 }", "limits: files: must be a whole number"},
      {"argv = [\"/bin/true\"]\nlimits = { cpus = \"1s\" }", "limits: unknown key \"cpus\""},
  };
  for (const Row& row : rows) {
    EXPECT_THAT(Load(row.keys).problems, Contains(HasSubstr(row.problem))) << row.keys;
  }
}

}  // namespace
}  // namespace relay
