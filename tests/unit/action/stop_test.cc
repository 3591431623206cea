// Actions that this machine carries out end with the program.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include "action/action.h"
#include "base/unique_fd.h"
#include "config/load.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

class StoppedAction : public testing::Test {
 protected:
  Outcome Run(const std::string& action) {
    const auto loaded = LoadConfig(dir_.Write("relay.toml", "[action.a]\n" + action).string(),
                                   [](const std::string&) { return std::nullopt; });
    EXPECT_THAT(loaded.problems, testing::IsEmpty());
    const std::atomic<bool> stop{true};
    auto made = MakeAction(loaded.config->actions.at(0), {*loaded.config, stop});
    EXPECT_TRUE(made);
    const Json document{{"SessionID", "1"}};
    return (*made)->Run({document, "key"});
  }

  test::TempDir dir_;
};

TEST_F(StoppedAction, EndsAProgramAndIsDueAtOnce) {
  const Outcome outcome = Run(R"(
type = "exec"
argv = ["/bin/sh", "-c", "echo begun; sleep 1000; echo never"]
)");
  EXPECT_EQ(outcome.kind, OutcomeKind::Interrupted);
  EXPECT_EQ(outcome.reach, Reach::Unknown);
}

TEST_F(StoppedAction, DoesNotWaitForTheLockOfAFile) {
  const auto path = dir_.Write("archive", "");
  const UniqueFd other(open(path.c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_EQ(flock(other.get(), LOCK_EX), 0);
  const std::string action = "type = \"file\"\npath = \"" + path.string() + "\"\n";
  const Outcome outcome = Run(action);
  EXPECT_EQ(outcome.kind, OutcomeKind::Interrupted);
  EXPECT_EQ(outcome.reach, Reach::Unknown);
  EXPECT_EQ(flock(other.get(), LOCK_UN), 0);
  EXPECT_EQ(Run(action).kind, OutcomeKind::Done) << "where nobody else has it";
}

}  // namespace
}  // namespace relay
