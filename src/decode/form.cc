#include "decode/form.h"

#include <algorithm>

#include "base/text.h"
#include "decode/byte_order.h"
#include "decode/charset.h"

namespace relay {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string PercentDecode(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && text.size() - i > 2;
    const int high = escape ? HexDigit(text[i + 1]) : -1;
    const int low = escape ? HexDigit(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      bytes += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      bytes += text[i] == '+' ? ' ' : text[i];
    }
  }
  return bytes;
}

std::string_view FormText(const RawPost& post) {
  const std::string_view text = Trim(post.body).empty() ? post.query : post.body;
  return text.substr(ReadOpening(text).order == ByteOrder::Utf8WithMark ? 3 : 0);
}

// Names and values as bytes in an encoding not yet known.
Result<FieldList> SplitForm(std::string_view text, const DecodeLimits& limits) {
  FieldList fields;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    if (part.empty()) continue;
    if (fields.size() == limits.fields) return Error{ErrorKind::BadInput, "too many fields"};
    const std::size_t equals = std::min(part.find('='), part.size());
    fields.push_back({PercentDecode(part.substr(0, equals)),
                      PercentDecode(part.substr(std::min(equals + 1, part.size())))});
  }
  return fields;
}

Charset CharsetOf(const RawPost& post, const FieldList& fields) {
  for (const Field& field : fields) {
    if (field.name != "_charset_") continue;
    if (const auto named = FindCharset(field.value)) return *named;
  }
  return CharsetOfContentType(post.content_type).value_or(Windows1252());
}

Result<void> MakeText(std::string& bytes, const Charset& charset) {
  if (bytes.find('\0') != std::string::npos)
    return Error{ErrorKind::BadInput, "holds a NUL character"};
  if (IsUtf8(bytes)) return {};
  auto text = ToUtf8(bytes, charset == Utf8() ? Windows1252() : charset);
  if (!text || !IsUtf8(*text))
    return Error{ErrorKind::BadInput, "holds bytes that mean nothing in the charset it names"};
  bytes = *std::move(text);
  return {};
}

}  // namespace

Result<Fields> DecodeForm(const RawPost& post, const DecodeLimits& limits) {
  Result<FieldList> fields = SplitForm(FormText(post), limits);
  if (!fields) return fields.error();
  const Charset charset = CharsetOf(post, *fields);
  for (Field& field : *fields) {
    if (auto name = MakeText(field.name, charset); !name) return name.error();
    if (auto value = MakeText(field.value, charset); !value) return value.error();
  }
  return Fields(*std::move(fields));
}

}  // namespace relay
