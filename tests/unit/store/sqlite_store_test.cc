// What becomes of a store whose file is lost, replaced or damaged.
#include "store/sqlite_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "store/post_digest.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

NewPost PostOf(const std::string& body) {
  NewPost post;
  post.raw.body = body;
  post.session_id = "s1";
  post.plan = [](PostId, const SessionState& before, const ReadTranscript&) {
    return Result<Plan>(Plan{before, {}, {}});
  };
  return post;
}

class SqliteStoreTest : public testing::Test {
 protected:
  SqliteStoreTest() { fs::create_directory(folder_); }

  std::unique_ptr<SqliteStore> Open() const {
    auto store = SqliteStore::OpenOrReplace(path_);
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
  }
  static Result<Accepted> Accept(SqliteStore& store, const NewPost& post) {
    return store.Accept({&post, 1}).front();
  }
  void RemoveFiles() const {
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(path_ + suffix);
  }
  std::vector<std::string> SetAside() const {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(folder_)) {
      const std::string name = file.path().filename();
      if (name.find(".damaged-") != std::string::npos) names.push_back(name);
    }
    return names;
  }
  // All but the first page, which opening reads.
  void DamageAllPages() const {
    const auto size = fs::file_size(path_);
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(2 * 4096);
    file << std::string(size - 2 * 4096, '\xff');
  }

  test::TempDir dir_;
  fs::path folder_ = dir_.path() / "data";
  std::string path_ = folder_ / "relay.db";
};

TEST_F(SqliteStoreTest, AFileThatWasRemovedIsMadeAnewAndThePostIsInIt) {
  auto store = Open();
  ASSERT_TRUE(Accept(*store, PostOf("before")));
  RemoveFiles();
  const auto accepted = Accept(*store, PostOf("after"));
  ASSERT_TRUE(accepted);
  EXPECT_EQ((*Open()->FindPost(accepted->id))->post.raw.body, "after");
}

TEST_F(SqliteStoreTest, AFileThatGoesWhileAPostIsBeingStoredStoresNothing) {
  auto store = Open();
  NewPost post = PostOf("x");
  post.plan = [&](PostId, const SessionState& before, const ReadTranscript&) {
    RemoveFiles();
    return Result<Plan>(Plan{before, {}, {}});
  };
  EXPECT_FALSE(Accept(*store, post));
  EXPECT_TRUE(Accept(*store, PostOf("x"))) << "it goes on";
}

TEST_F(SqliteStoreTest, AFolderThatIsGoneRefusesPostsUntilItIsBack) {
  auto store = Open();
  fs::rename(folder_, dir_.path() / "elsewhere");
  const auto refused = Accept(*store, PostOf("x"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Temporary);
  fs::rename(dir_.path() / "elsewhere", folder_);
  EXPECT_TRUE(Accept(*store, PostOf("x")));
}

TEST_F(SqliteStoreTest, ADelivererFindsWhatIsInTheFileThatTookThePlaceOfItsOwn) {
  auto deliverer = Open();
  RemoveFiles();
  NewPost post = PostOf("x");
  post.plan = [](PostId, const SessionState& before, const ReadTranscript&) {
    return Result<Plan>(Plan{before, {}, {{"crm", {}, {}, ""}}});
  };
  ASSERT_TRUE(Accept(*Open(), post));
  const auto claim =
      deliverer->ClaimDue({.action = "crm", .lease = std::chrono::minutes(1)}, SystemClock().Now());
  ASSERT_TRUE(claim);
  EXPECT_TRUE(std::holds_alternative<Claim>(*claim));
}

TEST_F(SqliteStoreTest, ClosingAStoreLeavesTheOneInItsPlaceAlone) {
  auto old = Open();
  ASSERT_TRUE(Accept(*old, PostOf("old")));
  RemoveFiles();
  auto next = Open();
  ASSERT_TRUE(Accept(*next, PostOf("new")));
  ASSERT_TRUE(fs::exists(path_ + "-wal"));
  old.reset();
  EXPECT_TRUE(fs::exists(path_ + "-wal")) << "the log that holds the post is gone";
}

TEST_F(SqliteStoreTest, ItsFilesAreForItsOwnerAlone) {
  const mode_t before = umask(0);
  auto store = Open();
  ASSERT_TRUE(Accept(*store, PostOf("a chat")));
  umask(before);
  std::set<std::string> names;
  for (const auto& file : fs::directory_iterator(folder_)) {
    EXPECT_EQ(file.status().permissions(), fs::perms(0600)) << file.path();
    names.insert(file.path().filename());
  }
  EXPECT_THAT(names, testing::IsSupersetOf({"relay.db", "relay.db-wal", "relay.db-shm"}));
}

TEST_F(SqliteStoreTest, ModesThatAnAdministratorHasGivenStay) {
  ASSERT_TRUE(Accept(*Open(), PostOf("a chat")));
  fs::permissions(path_, fs::perms(0640));
  const auto store = Open();
  EXPECT_EQ(fs::status(path_).permissions(), fs::perms(0640));
}

TEST_F(SqliteStoreTest, WhatIsNoDatabaseIsSetAsideWholeAndANewOneMade) {
  std::ofstream(path_) << std::string(8192, 'x');
  auto store = Open();
  EXPECT_TRUE(Accept(*store, PostOf("a post")));
  const auto aside = SetAside();
  ASSERT_EQ(aside.size(), 1U);
  EXPECT_EQ(test::ReadFile(folder_ / aside[0]), std::string(8192, 'x'));
}

TEST_F(SqliteStoreTest, AGoodStoreIsNotSetAside) {
  ASSERT_TRUE(Accept(*Open(), PostOf("x")));
  EXPECT_FALSE(*relay::SetAside(path_, [] { return false; }) != "");
  EXPECT_TRUE(*Open()->FindPost(PostId{1}));
  EXPECT_TRUE(SetAside().empty());
}

TEST_F(SqliteStoreTest, WhereNothingCanBeKeptInADamagedFileItIsSetAside) {
  ASSERT_TRUE(Accept(*Open(), PostOf("before")));
  auto store = Open();
  DamageAllPages();
  const auto accepted = Accept(*store, PostOf("after"));
  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error().kind, ErrorKind::Corrupt);

  const NewQuarantined item{PostOf("after").raw, "", "damaged"};
  EXPECT_TRUE(store->Quarantine({&item, 1}, Time{}).front());
  EXPECT_FALSE(SetAside().empty());
  EXPECT_TRUE(Accept(*store, PostOf("later")));
}

TEST_F(SqliteStoreTest, APostThatIsNotWhatWasReceivedIsDamaged) {
  auto store = Open();
  const auto accepted = Accept(*store, PostOf("what was received"));
  auto connection = sql::Connection::Open(path_, sql::OpenMode::ReadWrite);
  ASSERT_TRUE(
      connection->ExecuteScript("UPDATE post SET body = CAST('what was receivEd' AS BLOB)"));
  const auto found = store->FindPost(accepted->id);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::Corrupt);
  EXPECT_THAT(found.error().message, HasSubstr("post 1 is damaged"));
}

TEST_F(SqliteStoreTest, OneThatCannotBeQuarantinedDisturbsNoOther) {
  auto store = Open();
  auto connection = sql::Connection::Open(path_, sql::OpenMode::ReadWrite);
  ASSERT_TRUE(connection->ExecuteScript(
      "CREATE TRIGGER refuse BEFORE INSERT ON quarantine WHEN NEW.reason = 'bad'"
      " BEGIN SELECT raise(ABORT, 'refused'); END"));
  const NewQuarantined items[] = {
      {PostOf("1").raw, "", "good"}, {PostOf("2").raw, "", "bad"}, {PostOf("3").raw, "", "good"}};
  const auto results = store->Quarantine(items, Time{});
  EXPECT_TRUE(results[0]);
  EXPECT_FALSE(results[1]);
  EXPECT_TRUE(results[2]);
}

}  // namespace
}  // namespace relay
