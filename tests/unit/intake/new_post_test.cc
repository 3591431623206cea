#include "intake/new_post.h"

#include <gtest/gtest.h>

#include "support/posts.h"

namespace relay {
namespace {

class NewPostTest : public testing::Test {
 protected:
  static RawPost Form(const std::string& body) {
    RawPost raw;
    raw.content_type = "application/x-www-form-urlencoded";
    raw.body = body;
    return raw;
  }

  Planner planner_{std::make_shared<const Config>()};
};

TEST_F(NewPostTest, APostWithASessionIsTakenWithItsBytes) {
  RawPost raw = Form("SessionID=+42%0A&TechName=Ada");
  auto made = MakeNewPost(raw, planner_);

  auto* post = std::get_if<NewPost>(&made);
  ASSERT_NE(post, nullptr);
  EXPECT_EQ(post->session_id, "42");
  EXPECT_EQ(post->raw.body, "SessionID=+42%0A&TechName=Ada");
}

TEST_F(NewPostTest, NothingThatMustNotBeStoredIsInIt) {
  Config config;
  config.redaction.rules.push_back(*RedactionRule::Make("secret", "[removed]", {}));
  Planner planner(std::make_shared<const Config>(config));
  for (const char* body : {"SessionID=42&ChatLog=my+secret%2C+ok", "ChatLog=my+secret%2C+ok"}) {
    RawPost raw = Form(body);
    raw.query = "secret";
    auto made = MakeNewPost(raw, planner);
    auto* post = std::get_if<NewPost>(&made);
    const RawPost& kept = post != nullptr ? post->raw : raw;
    EXPECT_TRUE(kept.body.ends_with("ChatLog=my%20%5Bremoved%5D%2C%20ok")) << kept.body;
    EXPECT_EQ(kept.query, "");
    EXPECT_EQ(kept.content_type, "application/x-www-form-urlencoded; charset=utf-8");
  }
}

TEST_F(NewPostTest, WhereNothingHadToBeTakenOutItKeepsItsBytes) {
  Config config;
  config.redaction.rules.push_back(*RedactionRule::Make("secret", "[removed]", {}));
  Planner planner(std::make_shared<const Config>(config));
  RawPost raw = Form("SessionID=+42%0A&TechName=Ada");
  auto made = MakeNewPost(raw, planner);
  EXPECT_EQ(std::get<NewPost>(made).raw.body, "SessionID=+42%0A&TechName=Ada");
  EXPECT_EQ(std::get<NewPost>(made).session_id, "42");
}

TEST_F(NewPostTest, ItsPlanFoldsItIntoTheSession) {
  RawPost raw = Form("SessionID=42&TechName=Ada&ChatLog=9%3A00+AM+Hello");
  raw.received_at = Time{std::chrono::hours(1)};
  const auto made = MakeNewPost(raw, planner_);
  const auto plan =
      std::get<NewPost>(made).plan(PostId{1}, {}, [] { return Result<std::string>(""); });

  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->state.posts, 1);
  EXPECT_EQ(plan->state.technicians, std::vector<std::string>{"Ada"});
  EXPECT_EQ(plan->state.last_post_at, Time{std::chrono::hours(1)});
  EXPECT_EQ(plan->facts.adds, "9:00 AM Hello\n");
}

TEST_F(NewPostTest, WhatIsNoPostIsLeftAloneAndSaysWhy) {
  struct Row {
    const char* body;
    Unreadable::Kind kind;
  };
  for (const Row& row : {Row{"<broken", Unreadable::Kind::CannotBeDecoded},
                         Row{"TechName=Ada", Unreadable::Kind::HasNoSession},
                         Row{"SessionID=", Unreadable::Kind::HasNoSession},
                         Row{"SessionID=+%09", Unreadable::Kind::HasNoSession}}) {
    RawPost raw = Form(row.body);
    const auto made = MakeNewPost(raw, planner_);
    const auto* unreadable = std::get_if<Unreadable>(&made);
    ASSERT_NE(unreadable, nullptr) << row.body;
    EXPECT_EQ(unreadable->kind, row.kind) << row.body;
    EXPECT_FALSE(unreadable->reason.empty());
    EXPECT_EQ(raw.body, row.body) << "the bytes are gone";
  }
}

}  // namespace
}  // namespace relay
