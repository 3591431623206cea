// Character sets a sender may have written in, and their text as UTF-8. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace relay {

// One of the sets on the allow-list; nothing else is ever handed to iconv.
struct Charset {
  std::string iconv_name;
  bool operator==(const Charset&) const = default;
};

Charset Utf8();
Charset Windows1252();

// The set that text of one byte a character calls by this label: utf-8, us-ascii, iso-8859-x,
// windows-125x, koi8-r and their common spellings. As in the WHATWG Encoding standard, us-ascii and
// iso-8859-1 mean windows-1252. "utf-16" is read as utf-8: real UTF-16 is known by its bytes, and
// other text is labelled so by programs that serialised to a string first.
std::optional<Charset> FindCharset(std::string_view label);

// The charset parameter of a Content-Type, as FindCharset reads it.
std::optional<Charset> CharsetOfContentType(std::string_view content_type);

// Absent where a byte means nothing in the set. Windows-1252 has a meaning for every byte: the five
// it leaves open are C1 controls.
std::optional<std::string> ToUtf8(std::string_view bytes, const Charset& charset);

}  // namespace relay
