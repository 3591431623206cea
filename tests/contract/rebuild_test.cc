// Sessions that are folded anew from their stored posts.
#include <gmock/gmock.h>

#include <random>
#include <thread>

#include "contract/store_fixture.h"
#include "decode/decode.h"

namespace relay::test {
namespace {

using testing::HasSubstr;

Result<Folded> FoldStored(const StoredPost& post, const SessionState& before,
                          const ReadTranscript& transcript) {
  const auto fields = Decode(post.raw);
  if (!fields) return fields.error();
  return Fold(before, *fields, post.raw.received_at, {}, transcript);
}

class RebuildTest : public StoreTest {
 protected:
  // Folded as it comes, as the receiver does it.
  NewPost Folding(const std::string& session, const std::string& form) {
    NewPost post;
    post.raw.content_type = "application/x-www-form-urlencoded";
    post.raw.body = "SessionID=" + session + "&" + form;
    post.raw.received_at = clock_.Now();
    post.session_id = session;
    post.plan = [raw = post.raw](PostId id, const SessionState& before,
                                 const ReadTranscript& transcript) -> Result<Plan> {
      auto folded = FoldStored({id, {}, raw, {}}, before, transcript);
      if (!folded) return folded.error();
      return Plan{folded->state, folded->facts, {}};
    };
    return post;
  }

  Rebuilt Rebuild(const std::string& session, RebuildMode mode, const Refold& fold = FoldStored) {
    auto rebuilt = store_->RebuildSession(session, mode, fold);
    if (!rebuilt) throw std::runtime_error(rebuilt.error().message);
    return *rebuilt;
  }

  std::string Transcript(const std::string& session) {
    return *store_->Transcript(session, PostId{1'000'000});
  }
};

// Another program, which knows better what happened.
Result<Folded> FoldAsClosed(const StoredPost& post, const SessionState& before,
                            const ReadTranscript&) {
  Folded folded{before, {Event::Closed, EventSource::Inferred, "line " + ToString(post.id) + "\n"}};
  ++folded.state.posts;
  folded.state.closed = true;
  return folded;
}

TEST_P(RebuildTest, ChangesNothingWhereNothingElseIsKnown) {
  AcceptOne(Folding("1", "ChatLog=9:00+AM+hello%0A&TechName=Ada"));
  AcceptOne(Folding("1", "ChatLog=9:00+AM+hello%0A9:01+AM+bye%0A&TechName=Bob"));
  for (const auto mode : {RebuildMode::Compare, RebuildMode::Write}) {
    const Rebuilt rebuilt = Rebuild("1", mode);
    EXPECT_EQ(rebuilt.posts, 2);
    EXPECT_EQ(rebuilt.changed, 0);
    EXPECT_FALSE(rebuilt.state_changed);
  }
}

TEST_P(RebuildTest, WritesWhatIsKnownNow) {
  AcceptOne(Folding("1", "ChatLog=one"));
  AcceptOne(Folding("1", "ChatLog=two"));
  const Rebuilt rebuilt = Rebuild("1", RebuildMode::Write, FoldAsClosed);

  EXPECT_EQ(rebuilt.changed, 2);
  EXPECT_TRUE(rebuilt.state_changed);
  EXPECT_EQ(Transcript("1"), "line 1\nline 2\n");
  EXPECT_TRUE((*store_->FindSession("1"))->closed);
  EXPECT_EQ((*store_->FindPost(PostId{2}))->post.facts.event, Event::Closed);
  EXPECT_EQ(Rebuild("1", RebuildMode::Compare, FoldAsClosed).changed, 0);
}

TEST_P(RebuildTest, OnlyComparesWhereThatIsAsked) {
  AcceptOne(Folding("1", "ChatLog=one"));
  const Rebuilt rebuilt = Rebuild("1", RebuildMode::Compare, FoldAsClosed);

  EXPECT_EQ(rebuilt.changed, 1);
  EXPECT_TRUE(rebuilt.state_changed);
  EXPECT_EQ(Transcript("1"), "one\n");
  EXPECT_FALSE((*store_->FindSession("1"))->closed);
}

TEST_P(RebuildTest, LeavesASessionAloneThatCannotBeFolded) {
  AcceptOne(Folding("1", "ChatLog=one"));
  AcceptOne(Folding("1", "ChatLog=two"));
  const auto rebuilt =
      store_->RebuildSession("1", RebuildMode::Write,
                             [](const StoredPost& post, const SessionState& before,
                                const ReadTranscript& transcript) -> Result<Folded> {
                               if (post.id == PostId{2})
                                 return Error{ErrorKind::BadInput, "too hard"};
                               return FoldAsClosed(post, before, transcript);
                             });

  ASSERT_FALSE(rebuilt);
  EXPECT_THAT(rebuilt.error().message, HasSubstr("fold post 2: too hard"));
  EXPECT_EQ(Transcript("1"), "one\ntwo\n");
  EXPECT_EQ(store_->RebuildSession("none", RebuildMode::Write, FoldStored).error().kind,
            ErrorKind::BadInput);
}

// Chats of one session as a console posts them: what is new, or all of it, or all of it again.
std::vector<std::string> Chats(unsigned seed) {
  std::minstd_rand random(seed);
  std::vector<std::string> chats;
  std::string all;
  for (int i = 0; i < 40; ++i) {
    std::string delta;
    for (unsigned lines = static_cast<unsigned>(random() % 3); lines > 0; --lines) {
      delta += "9:0" + std::to_string(random() % 10) + "+AM+Ada:+line+" +
               std::to_string(random() % 20) + "%0D%0A";
    }
    all += delta;
    chats.push_back(random() % 2 == 0 ? delta : all);
  }
  return chats;
}

TEST_P(RebuildTest, FindsTheSameWhicheverProcessFolded) {
  constexpr int kSessions = 4;
  std::vector<std::thread> processes;
  for (unsigned process = 0; process < 3; ++process) {
    processes.emplace_back([this, process] {
      const auto store = place_->Open();
      for (int session = 0; session < kSessions; ++session) {
        for (const std::string& chat : Chats(process + 10 * static_cast<unsigned>(session))) {
          const NewPost post = Folding(std::to_string(session),
                                       "TechName=T" + std::to_string(process) + "&ChatLog=" + chat);
          EXPECT_TRUE(store->Accept({&post, 1}).front());
        }
      }
    });
  }
  for (std::thread& process : processes) process.join();

  for (int session = 0; session < kSessions; ++session) {
    const Rebuilt rebuilt = Rebuild(std::to_string(session), RebuildMode::Compare);
    EXPECT_GT(rebuilt.posts, 40);
    EXPECT_EQ(rebuilt.changed, 0);
    EXPECT_FALSE(rebuilt.state_changed);
  }
}

INSTANTIATE_TEST_SUITE_P(Stores, RebuildTest, EveryStore(), NameOfKind);

}  // namespace
}  // namespace relay::test
