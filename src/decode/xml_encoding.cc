#include "decode/xml_encoding.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "decode/byte_order.h"
#include "decode/charset.h"

namespace relay {
namespace {

// The value of encoding="..." in the declaration; empty where there is none.
std::string_view DeclaredEncoding(std::string_view document) {
  constexpr std::string_view kName = "encoding";
  document = Trim(document.substr(0, 1024));
  if (!document.starts_with("<?xml")) return {};
  document = document.substr(0, document.find("?>"));
  const std::size_t name = document.find(kName);
  if (name == std::string_view::npos) return {};
  std::string_view rest = Trim(document.substr(name + kName.size()));
  if (!rest.starts_with('=')) return {};
  rest = Trim(rest.substr(1));
  if (!rest.starts_with('"') && !rest.starts_with('\'')) return {};
  const char quote = rest.front();
  rest.remove_prefix(1);
  return rest.substr(0, rest.find(quote));
}

// In which set to read a document without byte order mark. Absent: a set not supported.
std::optional<Charset> CharsetOf(std::string_view document, std::string_view content_type) {
  const std::string_view label = DeclaredEncoding(document);
  std::optional<Charset> declared = FindCharset(label);
  if (!label.empty() && !declared) return std::nullopt;
  std::optional<Charset> sent = CharsetOfContentType(content_type);
  const bool says_utf8 = declared == Utf8() || sent == Utf8() || (!declared && !sent);
  if (says_utf8 && IsUtf8(document)) return Utf8();
  if (declared && declared != Utf8()) return declared;
  return sent ? sent : Utf8();
}

std::optional<Charset> CharsetOf(const Opening& opening, std::string_view document,
                                 std::string_view content_type) {
  switch (opening.order) {
    case ByteOrder::Utf8WithMark:
      return Utf8();
    case ByteOrder::Utf16Little:
      return Charset{"UTF-16LE"};
    case ByteOrder::Utf16Big:
      return Charset{"UTF-16BE"};
    case ByteOrder::Bytes:
      break;
  }
  return CharsetOf(document, content_type);
}

std::string WithPlainLineBreaks(std::string text) {
  std::size_t to = 0;
  for (std::size_t from = 0; from < text.size(); ++from) {
    if (text[from] == '\r' && from + 1 < text.size() && text[from + 1] == '\n') continue;
    text[to++] = text[from] == '\r' ? '\n' : text[from];
  }
  text.resize(to);
  return text;
}

}  // namespace

Result<std::string> XmlText(std::string_view bytes, std::string_view content_type) {
  const Opening opening = ReadOpening(bytes);
  const std::string_view document = bytes.substr(opening.mark);
  const auto charset = CharsetOf(opening, document, content_type);
  if (!charset) return Error{ErrorKind::BadInput, "its declared encoding is not supported"};
  auto text = ToUtf8(document, *charset);
  if (!text || !IsUtf8(*text))
    return Error{ErrorKind::BadInput, "holds bytes that mean nothing in its encoding"};
  return WithPlainLineBreaks(*std::move(text));
}

}  // namespace relay
