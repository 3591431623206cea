#include "session/fold.h"

#include <gtest/gtest.h>

#include <random>

#include "decode/decode.h"
#include "session/chat.h"
#include "session/transcript.h"
#include "support/posts.h"

namespace relay {
namespace {

const Time kNoon{std::chrono::sys_days(std::chrono::year(2026) / 3 / 4) + std::chrono::hours(12)};

// A session and the store that holds its transcript.
class Session {
 public:
  PostFacts Take(const Fields& fields, std::optional<Event> endpoint = std::nullopt) {
    const Result<Folded> folded =
        Fold(state, fields, kNoon + std::chrono::minutes(state.posts), FoldRules{endpoint}, [this] {
          ++reads;
          return Result<std::string>(held);
        });
    EXPECT_TRUE(folded);
    state = folded->state;
    held += folded->facts.adds;
    return folded->facts;
  }

  PostFacts TakeFile(const std::string& name) { return Take(*Decode(TestPost(name))); }
  std::string Chat(const std::string& chat) {
    return Take(Fields(FieldList{{"ChatLog", chat}})).adds;
  }

  SessionState state;
  std::string held;
  int reads = 0;
};

Event EventAfter(Session& session, const FieldList& fields) {
  return session.Take(Fields(fields)).event;
}

TEST(Fold, FollowsASessionFromStartToEnd) {
  for (const std::string format : {".form", ".xml"}) {
    Session session;
    EXPECT_EQ(session.TakeFile("1-started" + format).event, Event::Started);
    EXPECT_EQ(session.TakeFile("2-on-hold" + format).event, Event::Updated);
    EXPECT_EQ(session.TakeFile("3-taken-over" + format).event, Event::Resumed);
    EXPECT_FALSE(session.state.closed);
    const PostFacts end = session.TakeFile("4-closed" + format);
    EXPECT_EQ(end.event, Event::Closed);
    EXPECT_EQ(end.event_source, EventSource::Inferred);
    EXPECT_TRUE(session.state.closed);
    EXPECT_EQ(session.state.posts, 4);
    EXPECT_EQ(session.state.first_post_at, kNoon);
    EXPECT_EQ(session.state.last_post_at, kNoon + std::chrono::minutes(3));
    EXPECT_EQ(session.state.tracking0, "TICKET-77");
    EXPECT_EQ(session.state.technicians,
              (std::vector<std::string>{"Mira Okafor", "Tomás Lindqvist"}));
    // The full chat of the closing post is what has been put together from its parts.
    EXPECT_EQ(session.TakeFile("4-closed-full-chat.form").adds, "");
    EXPECT_EQ(ParseChat(session.held).size(), 12u);
    EXPECT_EQ(session.reads, 0);
  }
}

TEST(Fold, APostThatIsReadLateMakesItsSessionNoOlderThanItIs) {
  const Fields fields(FieldList{{"SessionID", "1"}});
  const auto transcript = [] { return Result<std::string>(""); };
  const auto first = Fold({}, fields, kNoon, {}, transcript);
  const auto late = Fold(first->state, fields, kNoon - std::chrono::hours(1), {}, transcript);

  EXPECT_EQ(late->state.first_post_at, kNoon - std::chrono::hours(1));
  EXPECT_EQ(late->state.last_post_at, kNoon);
}

TEST(Fold, TheFullChatReplacesItsBeginning) {
  Session session;
  const std::string start = session.TakeFile("1-started.form").adds;
  session.TakeFile("4-closed-full-chat.form");
  EXPECT_EQ(session.held,
            NormaliseChat(*Decode(TestPost("4-closed-full-chat.form"))->Find("ChatLog")));
  EXPECT_TRUE(session.held.starts_with(start));
}

TEST(Fold, ARepeatAddsNothing) {
  Session session;
  for (int i = 0; i < 3; ++i) session.TakeFile("4-closed.form");
  EXPECT_EQ(ParseChat(session.held).size(), 3u);
}

TEST(Fold, ACrlfChatContinuesAnLfChat) {
  Session session;
  session.Chat("9:00 AM a\n");
  EXPECT_EQ(session.Chat("9:00 AM a\r\n9:01 AM b\r\n"), "9:01 AM b\n");
}

TEST(Fold, AShorterChatRemovesNothing) {
  Session session;
  session.Chat("9:00 AM Connecting to: x\n9:01 AM A: secret\n9:02 AM Holding session...\n");
  session.Chat("9:00 AM Connecting to: x\n9:02 AM Holding session...\n");
  EXPECT_EQ(session.held,
            "9:00 AM Connecting to: x\n9:01 AM A: secret\n9:02 AM Holding session...\n"
            "9:00 AM Connecting to: x\n9:02 AM Holding session...\n");
  EXPECT_EQ(session.Chat(""), "");
  EXPECT_EQ(session.Take({}).adds, "");
}

TEST(Fold, TheEventOfTheEndpointWins) {
  Session session;
  const PostFacts facts = session.Take(Fields(), Event::Closed);
  EXPECT_EQ(facts.event, Event::Closed);
  EXPECT_EQ(facts.event_source, EventSource::Endpoint);
  EXPECT_TRUE(session.state.closed);
  const Fields end(FieldList{{"ClosingTime", "2026-03-04 13:00:00"}});
  EXPECT_EQ(session.Take(end, Event::Updated).event, Event::Updated);
}

TEST(Fold, InfersEvents) {
  Session session;
  const Field first_pickup{"PickupTime", "2026-03-04 12:00:00"};
  const Field second_pickup{"PickupTime", "3/4/2026 12:30:00 PM"};
  const Field not_closed{"ClosingTime", "0001-01-01T00:00:00"};
  EXPECT_EQ(EventAfter(session, {first_pickup, not_closed}), Event::Started);
  EXPECT_EQ(EventAfter(session, {first_pickup}), Event::Updated);
  EXPECT_EQ(EventAfter(session, {}), Event::Updated);
  EXPECT_EQ(EventAfter(session, {second_pickup}), Event::Resumed);
  EXPECT_EQ(EventAfter(session, {first_pickup}), Event::Updated);
  EXPECT_EQ(EventAfter(session, {second_pickup}), Event::Updated);
  EXPECT_EQ(EventAfter(session, {second_pickup, {"ClosingTime", "2026-03-04 13:00"}}),
            Event::Closed);
  EXPECT_EQ(EventAfter(session, {{"ClosingTime", "4 mars 2026 13:00"}}), Event::Closed);
}

TEST(Fold, ASessionMayStartWithItsEnd) {
  Session session;
  EXPECT_EQ(EventAfter(session, {{"ClosingTime", "2026-03-04 13:00:00"}}), Event::Closed);
}

TEST(Fold, TheFirstPickupSeenLateIsNoResumption) {
  Session session;
  EXPECT_EQ(EventAfter(session, {}), Event::Started);
  EXPECT_EQ(EventAfter(session, {{"PickupTime", "2026-03-04 12:00:00"}}), Event::Updated);
}

TEST(Fold, StaysClosedUntilItIsResumed) {
  Session session;
  const FieldList end{{"ClosingTime", "2026-03-04 13:00:00"}, {"PickupTime", "2026-03-04 12:00"}};
  EventAfter(session, end);
  EXPECT_TRUE(session.state.closed);
  EXPECT_EQ(EventAfter(session, {}), Event::Updated);
  EXPECT_TRUE(session.state.closed);
  EXPECT_EQ(EventAfter(session, {{"PickupTime", "2026-03-04 14:00"}}), Event::Resumed);
  EXPECT_FALSE(session.state.closed);
}

TEST(Fold, CountsATechnicianOnceByNameOrId) {
  Session session;
  for (const FieldList& fields :
       {FieldList{{"TechName", "Jane"}, {"TechID", "1"}},
        FieldList{{"TechName", ""}, {"TechID", "2"}}, FieldList{{"TechID", "2"}},
        FieldList{{"TechName", " "}, {"TechID", "3"}}, FieldList{{"TechName", "Jane"}},
        FieldList{}})
    session.Take(Fields(fields));
  EXPECT_EQ(session.state.technicians, (std::vector<std::string>{"Jane", "2", "3"}));
}

TEST(Fold, KeepsTheNewestTrackingThatIsNotEmpty) {
  Session session;
  for (const char* tracking : {"A", "B", ""})
    session.Take(Fields(FieldList{{"Tracking0", tracking}}));
  EXPECT_EQ(session.state.tracking0, "B");
}

std::string LongChat(int from, int to) {
  std::string chat;
  for (int i = from; i < to; ++i) chat += "9:00 AM Jane: line " + std::to_string(i) + "\n";
  return chat;
}

TEST(Fold, ReadsTheTranscriptOnlyWhereTheTailCannotDecide) {
  Session session;
  session.Chat(LongChat(0, 1000));
  EXPECT_EQ(session.Chat(LongChat(1000, 1010)), LongChat(1000, 1010));
  EXPECT_EQ(session.Chat(LongChat(1000, 1010)), "");
  EXPECT_EQ(session.Chat(LongChat(1010, 2000)), LongChat(1010, 2000));
  EXPECT_EQ(session.reads, 0);
  // Parts were added unread, so the first full chat has to be compared with the text itself.
  EXPECT_EQ(session.Chat(LongChat(0, 2100)), LongChat(2000, 2100));
  EXPECT_EQ(session.reads, 1);
  EXPECT_EQ(session.Chat(LongChat(0, 2200)), LongChat(2100, 2200));
  EXPECT_EQ(session.Chat(LongChat(0, 2200)), "");
  EXPECT_EQ(session.reads, 1);
  EXPECT_EQ(session.Chat(LongChat(100, 2200)), "");
  EXPECT_EQ(session.reads, 2);
}

TEST(Fold, FailsWhereTheTranscriptCannotBeRead) {
  Session session;
  session.Chat(LongChat(0, 1000));
  const Fields fields(FieldList{{"ChatLog", LongChat(100, 1000)}});
  const Result<Folded> folded = Fold(session.state, fields, kNoon, {}, [] {
    return Result<std::string>(Error{ErrorKind::Temporary, "read transcript: locked"});
  });
  ASSERT_FALSE(folded);
  EXPECT_EQ(folded.error().kind, ErrorKind::Temporary);
}

// Chats that often agree with what is held: parts of it, with lines added and lines changed.
std::string NextChat(const std::string& held, std::mt19937& random) {
  const auto below = [&](std::size_t bound) { return random() % bound; };
  const std::string fresh = LongChat(static_cast<int>(below(3)), static_cast<int>(3 + below(90)));
  std::string chat = held;
  switch (below(7)) {
    case 0:
      return fresh;
    case 1:
      return chat;
    case 2:
      return chat + fresh;
    case 3:
      return chat.substr(below(chat.size() + 1));
    case 4:
      return chat.substr(0, below(chat.size() + 1));
    case 5:
      if (!chat.empty()) chat[below(chat.size())] = 'x';
      return chat + (below(2) == 0 ? fresh : "");
    default:
      return chat.substr(chat.size() - std::min(chat.size(), 4090 + below(10)));
  }
}

TEST(Fold, GivesWhatComparingWholeTextsGives) {
  for (unsigned seed = 0; seed < 80; ++seed) {
    std::mt19937 random(seed);
    Session session;
    std::string naive;
    for (int post = 0; post < 30 && naive.size() < 200'000; ++post) {
      const std::string chat = NextChat(naive, random);
      session.Chat(chat);
      const std::string lines = NormaliseChat(chat);
      const Overlap overlap = Compare(naive, lines);
      if (overlap == Overlap::Continues) naive = lines;
      if (overlap == Overlap::None) naive += lines;
      ASSERT_EQ(session.held, naive) << "seed " << seed << ", post " << post;
      ASSERT_EQ(session.state.held_length, static_cast<std::int64_t>(naive.size()));
      ASSERT_TRUE(naive.ends_with(session.state.held_tail));
    }
  }
}

}  // namespace
}  // namespace relay
