#include "action/header_text.h"

#include <algorithm>

#include "base/base64.h"

namespace relay {
namespace {

constexpr std::size_t kLine = 78;
constexpr std::size_t kLineWithEncodedWords = 76;
constexpr std::string_view kOpen = "=?UTF-8?B?";
constexpr std::string_view kClose = "?=";
constexpr std::size_t kLongestWord = 75;
constexpr std::size_t kLongestCharacter = 4;

// How many bytes fit into an encoded word of that many characters.
std::size_t BytesIn(std::size_t characters) {
  const std::size_t frame = kOpen.size() + kClose.size();
  return characters <= frame ? 0 : (characters - frame) / 4 * 3;
}

// Where to cut, at `most` or before, so that a character stays whole.
std::size_t WholeCharacters(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text.size();
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end == 0 ? most : end;
}

// Each of its words with the spaces before it; the first has none.
std::size_t EndOfPiece(std::string_view text) {
  const auto word = text.find_first_not_of(' ');
  return word == text.npos ? text.size() : std::min(text.find(' ', word), text.size());
}

bool CanBeFolded(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = EndOfPiece(text);
    if (end > kLine - 2) return false;
    text.remove_prefix(end);
  }
  return true;
}

}  // namespace

FoldedField::FoldedField(std::string_view name) : text_(name), column_(name.size() + 1) {
  text_ += ':';
}

void FoldedField::Append(std::string_view piece) {
  if (column_ + piece.size() > kLine && !text_.ends_with(':')) {
    text_ += "\r\n";
    column_ = 0;
  }
  text_ += piece;
  column_ += piece.size();
}

void FoldedField::AddEncoded(std::string_view text) {
  while (!text.empty()) {
    const std::size_t left = kLineWithEncodedWords - std::min(column_ + 1, kLineWithEncodedWords);
    std::size_t room = BytesIn(std::min(left, kLongestWord));
    if (room < kLongestCharacter) {
      text_ += "\r\n";
      column_ = 0;
      room = BytesIn(kLongestWord);
    }
    const std::string_view part = text.substr(0, WholeCharacters(text, room));
    Add(std::string(kOpen).append(EncodeBase64(part)).append(kClose));
    text.remove_prefix(part.size());
  }
}

std::string FoldedField::Finish() && {
  return std::move(text_) + "\r\n";
}

bool IsPlain(std::string_view text) {
  return text.find("=?") == text.npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F; });
}

std::string TextField(std::string_view name, std::string_view text) {
  FoldedField field(name);
  // Spaces at the ends would be lost, and words longer than a line cannot be folded.
  if (!IsPlain(text) || text.starts_with(' ') || text.ends_with(' ') || !CanBeFolded(text)) {
    field.AddEncoded(text);
    return std::move(field).Finish();
  }
  for (bool first = true; !text.empty(); first = false) {
    const std::string_view piece = text.substr(0, EndOfPiece(text));
    if (first) {
      field.Add(piece);
    } else {
      field.Append(piece);
    }
    text.remove_prefix(piece.size());
  }
  return std::move(field).Finish();
}

}  // namespace relay
