#include "decode/form.h"

#include <algorithm>

#include "base/text.h"
#include "decode/byte_fields.h"
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

// Names and values as bytes in an encoding not yet known.
Result<std::vector<ByteField>> SplitForm(std::string_view text, const DecodeLimits& limits) {
  std::vector<ByteField> fields;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    if (part.empty()) continue;
    if (fields.size() == limits.fields) return TooManyFields(limits);
    const std::size_t equals = std::min(part.find('='), part.size());
    fields.push_back({PercentDecode(part.substr(0, equals)),
                      PercentDecode(part.substr(std::min(equals + 1, part.size()))), std::nullopt});
  }
  return fields;
}

// In UTF-16 no byte stands for itself, so the form has to be text before it can be split.
Result<std::vector<ByteField>> SplitWideForm(std::string_view text, const Charset& charset,
                                             const DecodeLimits& limits) {
  const auto form = ToUtf8(text, charset);
  if (!form) return Error{ErrorKind::BadInput, "holds bytes that mean nothing in UTF-16"};
  return SplitForm(*form, limits);
}

Result<std::vector<ByteField>> Split(const RawPost& post, const DecodeLimits& limits) {
  const std::string_view whole = Trim(post.body).empty() ? post.query : post.body;
  const Opening opening = ReadOpening(whole);
  const std::string_view text = whole.substr(opening.mark);
  switch (opening.order) {
    case ByteOrder::Utf16Little:
      return SplitWideForm(text, Charset{"UTF-16LE"}, limits);
    case ByteOrder::Utf16Big:
      return SplitWideForm(text, Charset{"UTF-16BE"}, limits);
    case ByteOrder::Bytes:
    case ByteOrder::Utf8WithMark:
      break;
  }
  return SplitForm(text, limits);
}

}  // namespace

Result<Fields> DecodeForm(const RawPost& post, const DecodeLimits& limits) {
  Result<std::vector<ByteField>> fields = Split(post, limits);
  if (!fields) return fields.error();
  return ReadByteFields(*std::move(fields), post.content_type, limits);
}

}  // namespace relay
