#include "session/transcript.h"

#include <algorithm>
#include <string>

#include "base/sha256.h"

namespace relay {
namespace {

constexpr std::size_t kLongestTail = 512;

bool EndsInWholeLines(std::string_view held, std::string_view chat) {
  if (!held.ends_with(chat)) return false;
  return held.size() == chat.size() || held[held.size() - chat.size() - 1] == '\n';
}

Overlap CompareDigest(const SessionState& held, std::string_view begin, Overlap if_same) {
  if (held.held_digest == Digest{}) return Overlap::Unknown;
  return Sha256({begin}) == held.held_digest ? if_same : Overlap::None;
}

std::string TailOf(std::string text) {
  std::size_t cut = text.size() - std::min(text.size(), kLongestTail);
  while (cut < text.size() && (text[cut] & 0xC0) == 0x80) ++cut;
  return text.substr(cut);
}

}  // namespace

Overlap Compare(std::string_view held, std::string_view chat) {
  if (chat.empty() || EndsInWholeLines(held, chat)) return Overlap::Held;
  if (held.empty()) return Overlap::Continues;
  return chat.starts_with(held) && held.ends_with('\n') ? Overlap::Continues : Overlap::None;
}

Overlap CompareWithTail(const SessionState& held, std::string_view chat) {
  const auto length = static_cast<std::size_t>(held.held_length);
  const std::string_view tail = held.held_tail;
  if (tail.size() == length || chat.size() < tail.size()) return Compare(tail, chat);
  if (chat.size() < length) return chat.ends_with(tail) ? Overlap::Unknown : Overlap::None;
  const std::string_view begin = chat.substr(0, length);
  if (!begin.ends_with(tail)) return Overlap::None;
  return CompareDigest(held, begin, chat.size() == length ? Overlap::Held : Overlap::Continues);
}

void Extend(SessionState& state, std::string_view adds, std::optional<std::string_view> whole) {
  if (!whole && state.held_tail.size() == static_cast<std::size_t>(state.held_length))
    whole = state.held_tail;
  if (whole) {
    state.held_digest = Sha256({*whole, adds});
  } else if (!adds.empty()) {
    state.held_digest = {};
  }
  state.held_length += static_cast<std::int64_t>(adds.size());
  const std::size_t enough = adds.size() - std::min(adds.size(), kLongestTail);
  state.held_tail = TailOf(state.held_tail + std::string(adds.substr(enough)));
}

}  // namespace relay
