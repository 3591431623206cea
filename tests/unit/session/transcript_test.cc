#include "session/transcript.h"

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "base/text.h"

namespace relay {
namespace {

TEST(Transcript, TellsWhatAChatAdds) {
  const struct {
    const char* held;
    const char* chat;
    Overlap overlap;
  } rows[] = {
      {"", "", Overlap::Held},          {"", "a\n", Overlap::Continues},
      {"a\n", "", Overlap::Held},       {"a\n", "a\n", Overlap::Held},
      {"a\nb\n", "b\n", Overlap::Held}, {"a\nbb\n", "b\n", Overlap::None},
      {"a\nb\n", "a\n", Overlap::None}, {"a\n", "a\nb\n", Overlap::Continues},
      {"a\n", "ab\n", Overlap::None},   {"a\nb\n", "b\nc\n", Overlap::None},
  };
  for (const auto& row : rows)
    EXPECT_EQ(Compare(row.held, row.chat), row.overlap) << row.held << "+" << row.chat;
}

std::string Lines(std::size_t count, std::string_view line) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) lines += std::to_string(i) + std::string(line) + "\n";
  return lines;
}

SessionState Holding(const std::string& text) {
  SessionState state;
  Extend(state, text, "");
  return state;
}

TEST(Transcript, KeepsTheLastHalfKibibyteCutBetweenCharacters) {
  const std::string text = Lines(1000, " Zoë 谢谢 😀");
  for (std::size_t extra = 0; extra < 8; ++extra) {
    const SessionState state = Holding(text + std::string(extra, 'x') + "\n");
    EXPECT_EQ(state.held_length, static_cast<std::int64_t>(text.size() + extra + 1));
    EXPECT_LE(state.held_tail.size(), 512u);
    EXPECT_GT(state.held_tail.size(), 508u);
    EXPECT_TRUE(IsUtf8(state.held_tail)) << extra;
  }
}

TEST(Transcript, DigestIsThatOfAllThatIsHeld) {
  SessionState state = Holding("a\n");
  EXPECT_EQ(state.held_digest, Sha256({"a\n"}));
  Extend(state, "b\n", std::nullopt);
  EXPECT_EQ(state.held_digest, Sha256({"a\nb\n"}));
  const std::string text = Lines(1000, "x");
  state = Holding(text);
  EXPECT_EQ(state.held_digest, Sha256({text}));
  Extend(state, "b\n", text);
  EXPECT_EQ(state.held_digest, Sha256({text, "b\n"}));
}

TEST(Transcript, DigestIsNotKnownAfterTextWasAddedUnread) {
  SessionState state = Holding(Lines(1000, "x"));
  Extend(state, "", std::nullopt);
  EXPECT_NE(state.held_digest, Digest{});
  Extend(state, "b\n", std::nullopt);
  EXPECT_EQ(state.held_digest, Digest{});
}

TEST(Transcript, IsComparedByItsTailWhereThatDecides) {
  const std::string held = Lines(1000, " line");
  const std::string tail = held.substr(held.size() - 512);
  std::string changed = held;
  changed[0] = 'X';
  SessionState state = Holding(held);
  EXPECT_EQ(CompareWithTail(state, ""), Overlap::Held);
  EXPECT_EQ(CompareWithTail(state, "999 line\n"), Overlap::Held);
  EXPECT_EQ(CompareWithTail(state, "99 line\n"), Overlap::None);
  EXPECT_EQ(CompareWithTail(state, "new\n"), Overlap::None);
  EXPECT_EQ(CompareWithTail(state, held), Overlap::Held);
  EXPECT_EQ(CompareWithTail(state, held + "new\n"), Overlap::Continues);
  EXPECT_EQ(CompareWithTail(state, changed), Overlap::None);
  EXPECT_EQ(CompareWithTail(state, changed + "new\n"), Overlap::None);
  EXPECT_EQ(CompareWithTail(state, Lines(2000, " other")), Overlap::None);
  EXPECT_EQ(CompareWithTail(state, tail), Overlap::Unknown);
  EXPECT_EQ(CompareWithTail(state, held.substr(10)), Overlap::Unknown);
  state.held_digest = {};
  EXPECT_EQ(CompareWithTail(state, held), Overlap::Unknown);
  EXPECT_EQ(CompareWithTail(state, held + "new\n"), Overlap::Unknown);
  EXPECT_EQ(CompareWithTail(state, Lines(2000, " other")), Overlap::None);
}

TEST(Digest, IsSha256) {
  const Digest digest = Sha256({"a", "", "bc"});
  EXPECT_EQ(digest[0], 0xBA);
  EXPECT_EQ(digest[1], 0x78);
  EXPECT_EQ(digest[31], 0xAD);
}

}  // namespace
}  // namespace relay
