// Somebody removes or moves the store while script.fcgi has it open. What is written to a file
// without a name is found by nobody, so it must not be answered 200.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "e2e/deployment.h"
#include "fault/program/ledger.h"
#include "fault/program/load.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;

struct Disappearance {
  const char* name;
  std::function<void(const fs::path& store)> act;
};

void RemoveStore(const fs::path& store) {
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(store.string() + suffix);
}

void MoveFolderAway(const fs::path& store) {
  fs::rename(store.parent_path(), store.parent_path().string() + ".away");
}

void MoveFolderAwayAndMakeAnother(const fs::path& store) {
  MoveFolderAway(store);
  fs::create_directory(store.parent_path());
  fs::permissions(store.parent_path(), fs::perms::all);
}

void RestoreABackup(const fs::path& store) {
  const fs::path backup = store.string() + ".backup";
  RunToEnd({.argv = {"sqlite3", store, fmt::format("VACUUM INTO '{}'", backup.string())}});
  fs::permissions(backup, fs::perms::all);
  RemoveStore(store);
  fs::rename(backup, store);
}

class VanishedStore : public testing::TestWithParam<Disappearance> {
 protected:
  VanishedStore() : installation_("", {Folder()}), service_(installation_) {}

  fs::path Folder() const {
    const fs::path folder = dir_.path() / "store";
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms::all);
    return folder;
  }

  // The ID in a 200, else "".
  std::string PostOf(const std::string& mark) const {
    const auto reply = OverSocket(service_.socket())("SessionID=1&Tracking0=" + mark);
    if (!reply) return "";
    EXPECT_TRUE(reply->status == 200 || reply->status == 503) << reply->status;
    return StoredId(*reply);
  }

  TempDir dir_;
  Installation installation_;
  Service service_;
};

TEST_P(VanishedStore, NoPostIsAnswered200ThatIsNotInTheStoreAfterwards) {
  ASSERT_NE(PostOf("before"), "");
  GetParam().act(installation_.store());
  std::vector<SentPost> answered;
  for (int i = 0; i < 10; ++i) {
    const std::string mark = fmt::format("after-{}", i);
    const std::string id = PostOf(mark);
    if (!id.empty()) answered.push_back({"1", mark, 0, PostReply{200, "", "stored " + id}});
  }
  EXPECT_TRUE(service_.process().running());
  EXPECT_EQ(Audit(answered, ReadStore(installation_)).missing, 0U);
}

TEST_P(VanishedStore, IsSaidInTheLog) {
  ASSERT_NE(PostOf("before"), "");
  const std::string log = service_.log();
  GetParam().act(installation_.store());
  PostOf("after");
  EXPECT_NE(service_.log().substr(log.size()).find(installation_.store().string()),
            std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Because, VanishedStore,
                         testing::Values(Disappearance{"ItsFilesAreRemoved", RemoveStore},
                                         Disappearance{"ItsFolderIsMovedAway", MoveFolderAway},
                                         Disappearance{"ItsFolderIsReplaced",
                                                       MoveFolderAwayAndMakeAnother},
                                         Disappearance{"ABackupTakesItsPlace", RestoreABackup}),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace relay::test
