#include "decode/byte_fields.h"

#include <algorithm>

#include "base/text.h"
#include "decode/byte_order.h"
#include "decode/xml.h"

namespace relay {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

Charset CharsetOf(const std::vector<ByteField>& fields, std::string_view content_type) {
  for (const ByteField& field : fields) {
    if (!EqualsIgnoringCase(field.name, "_charset_")) continue;
    if (const auto named = FindCharset(field.value)) return *named;
  }
  return CharsetOfContentType(content_type).value_or(Windows1252());
}

// What is not UTF-8 although it is called so is most often windows-1252.
Charset Otherwise(const Charset& charset) {
  return charset == Utf8() ? Windows1252() : charset;
}

Result<std::string> MakeText(std::string bytes, const Charset& charset) {
  if (IsUtf8(bytes)) return bytes;
  auto text = ToUtf8(bytes, Otherwise(charset));
  if (!text || !IsUtf8(*text))
    return Error{ErrorKind::BadInput, "holds bytes that mean nothing in the charset it names"};
  return *std::move(text);
}

std::string WithMarksForNuls(const std::string& text) {
  constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";
  std::string marked;
  for (const char c : text) {
    if (c == '\0') {
      marked += kReplacementCharacter;
    } else {
      marked += c;
    }
  }
  return marked;
}

bool IsSessionId(const ByteField& field) {
  return EqualsIgnoringCase(field.name, "SessionID");
}

bool OpensXml(const ByteField& field) {
  return ReadOpening(field.value).angle_bracket || ReadOpening(field.name).angle_bracket;
}

// A document that was posted without a name is cut at its first "=".
std::string DocumentOf(const ByteField& field) {
  if (!ReadOpening(field.name).angle_bracket) return field.value;
  return field.value.empty() ? field.name : field.name + "=" + field.value;
}

bool NamesSessionId(std::string_view document) {
  return ToLower(document).find("sessionid") != std::string::npos;
}

// Nothing where the field holds no session, but a text that only looks like a document.
Result<FieldList> ReadDocument(const ByteField& field, const Charset& charset,
                               const DecodeLimits& limits) {
  const std::string document = DocumentOf(field);
  // A script that escapes a text for a form writes UTF-8, whatever the document declares.
  const Charset fallback = IsUtf8(document) ? Utf8() : Otherwise(field.charset.value_or(charset));
  const Result<Fields> fields =
      DecodeXmlDocument(document, "text/xml; charset=" + fallback.iconv_name, limits);
  if (!fields && NamesSessionId(document)) return fields.error().Context("XML in a field");
  if (!fields || fields->Find("SessionID") == nullptr) return FieldList();
  return fields->all();
}

Result<void> AddField(ByteField field, const Charset& charset, const DecodeLimits& limits,
                      FieldList& fields) {
  if (field.name.size() > limits.name_length) return NameTooLong(limits);
  Result<std::string> name = MakeText(std::move(field.name), charset);
  if (!name) return name.error();
  if (name->find('\0') != std::string::npos) {
    return Error{ErrorKind::BadInput, "has a NUL character in a name"};
  }
  Result<std::string> value = MakeText(std::move(field.value), field.charset.value_or(charset));
  if (!value) return value.error();
  if (value->find('\0') != std::string::npos) value = WithMarksForNuls(*value);
  fields.push_back({*std::move(name), *std::move(value)});
  return {};
}

}  // namespace

Result<Fields> ReadByteFields(std::vector<ByteField> fields, std::string_view content_type,
                              const DecodeLimits& limits) {
  if (!fields.empty() && fields.front().name.starts_with(kMark))
    fields.front().name.erase(0, kMark.size());
  const Charset charset = CharsetOf(fields, content_type);
  const bool may_wrap = std::none_of(fields.begin(), fields.end(), IsSessionId) &&
                        std::count_if(fields.begin(), fields.end(), OpensXml) == 1;
  FieldList texts;
  for (ByteField& field : fields) {
    if (may_wrap && OpensXml(field)) {
      const Result<FieldList> document = ReadDocument(field, charset, limits);
      if (!document) return document.error();
      texts.insert(texts.end(), document->begin(), document->end());
      if (!document->empty()) continue;
    }
    const Result<void> added = AddField(std::move(field), charset, limits, texts);
    if (!added) return added.error();
  }
  if (texts.size() > limits.fields) return TooManyFields(limits);
  return Fields(std::move(texts));
}

}  // namespace relay
