// A session whose posts are the pieces of the input between NULs. The first byte of each says
// whether it is chat by itself, follows all that is held, or is an end of what is held.
#include <algorithm>

#include "base/sha256.h"
#include "base/text.h"
#include "fuzz/require.h"
#include "oracle/naive.h"
#include "session/chat.h"
#include "session/chat_split.h"
#include "session/fold.h"
#include "session/transcript.h"

namespace relay::test {
namespace {

std::string WithoutSpace(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
  return text;
}

void CheckEntries(const std::string& chat) {
  std::string text;
  for (const ChatEntry& entry : ParseChat(chat)) text += entry.time + entry.text;
  Require(WithoutSpace(text) == WithoutSpace(chat), "entries hold all of the chat");
}

void CheckSplit(const std::string& text) {
  const auto entries = FindEntries(text, {});
  Require(std::is_sorted(entries.begin(), entries.end()), "entries stand in their order");
  Require(entries.empty() || (entries.front() > 0 && entries.back() < text.size()),
          "entries stand within the chat");
}

void CheckChat(const std::string& chatlog, const std::string& chat) {
  Require(chat.empty() || chat.ends_with('\n'), "a chat ends its last line");
  Require(NormaliseChat(chat) == chat, "normalising twice changes nothing");
  const bool plain = chatlog.find_first_of("<\r") == std::string::npos;
  Require(!plain || WithoutSpace(chat) == WithoutSpace(chatlog), "normalising loses nothing");
  CheckEntries(chat);
  CheckSplit(chatlog);
}

void CheckState(const SessionState& state, const std::string& held) {
  Require(state.held_length == static_cast<std::int64_t>(held.size()), "the length is right");
  Require(held.ends_with(state.held_tail), "the tail is right");
  Require(state.held_digest == Digest{} || state.held_digest == Sha256({held}),
          "the digest is right");
}

void CheckCompare(const SessionState& state, const std::string& held, const std::string& chat) {
  const Overlap by_tail = CompareWithTail(state, chat);
  Require(by_tail == Overlap::Unknown || by_tail == Compare(held, chat),
          "the tail decides as the whole does");
}

class Session {
 public:
  void Take(const std::string& chatlog) {
    const std::string chat = NormaliseChat(chatlog);
    CheckChat(chatlog, chat);
    CheckCompare(state_, held_, chat);
    const std::string expected = NaiveFold(held_, chat);
    const std::string before = held_;
    Fold(chatlog);
    Require(held_.starts_with(before), "no line that is held is lost");
    Require(held_ == expected, "a fold is what comparing line by line gives");
    Require(Fold(chatlog).empty(), "a repeat adds nothing");
  }

  const std::string& held() const { return held_; }

 private:
  std::string Fold(const std::string& chatlog) {
    const Fields fields(FieldList{{"ChatLog", chatlog}});
    const auto folded =
        relay::Fold(state_, fields, Time{}, {}, [this] { return Result<std::string>(held_); });
    Require(folded.ok(), "a fold fails only where reading fails");
    held_ += folded->facts.adds;
    state_ = folded->state;
    CheckState(state_, held_);
    return folded->facts.adds;
  }

  SessionState state_;
  std::string held_;
};

std::string ChatOf(const std::string& piece, const std::string& held) {
  if (piece.empty()) return held;
  const std::string rest = piece.substr(1);
  const std::size_t length = held.size() * static_cast<unsigned char>(piece[0]) / 256;
  switch (piece[0]) {
    case 'f':
      return held + rest;
    case 'x':  // long enough that the tail is not all that is held
      return rest + std::string(5000, 'x') + "\n" + rest;
    default:
      return static_cast<unsigned char>(piece[0]) < 0x80 ? rest : held.substr(length);
  }
}

}  // namespace
}  // namespace relay::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string rest = relay::test::InputText(data, size);
  relay::test::Session session;
  for (int post = 0; post < 12 && !rest.empty(); ++post) {
    const std::string piece = rest.substr(0, rest.find('\0'));
    rest.erase(0, piece.size() + 1);
    session.Take(relay::test::ChatOf(piece, session.held()));
    if (session.held().size() > 100'000) break;
  }
  return 0;
}
