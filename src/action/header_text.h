// Fields of a mail's header: folded (RFC 5322, 2.2.3), and in ASCII whatever they say (RFC 2047).
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace relay {

// One field, written piece by piece. A piece that would go beyond 78 characters begins a new line;
// pieces themselves are never cut.
class FoldedField {
 public:
  explicit FoldedField(std::string_view name);

  // `piece` comes after a space.
  void Add(std::string_view piece) { Append(std::string(" ").append(piece)); }
  // `piece` begins with the space after which it comes.
  void Append(std::string_view piece);
  // As encoded words of UTF-8 in base64, none longer than 75 characters, each of whole characters.
  void AddEncoded(std::string_view text);

  // The field with the line break at its end.
  std::string Finish() &&;

 private:
  std::string text_;
  std::size_t column_;  // of the line that is being written
};

// Printable ASCII that nobody takes for an encoded word.
bool IsPlain(std::string_view text);

// A field that says something to people, such as the subject. What is read from it is `text`,
// whatever is in there; none of it can begin another field.
std::string TextField(std::string_view name, std::string_view text);

}  // namespace relay
