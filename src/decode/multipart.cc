#include "decode/multipart.h"

#include <algorithm>

#include "base/text.h"
#include "decode/byte_fields.h"
#include "decode/byte_order.h"
#include "decode/header_parameter.h"
#include "decode/multipart_split.h"

namespace relay {
namespace {

bool SaysMultipart(const RawPost& post) {
  return EqualsIgnoringCase(Trim(post.content_type).substr(0, 10), "multipart/");
}

std::string_view WithoutMark(std::string_view body) {
  return body.substr(ReadOpening(body).order == ByteOrder::Utf8WithMark ? 3 : 0);
}

// The value of a header, its continuation lines joined; empty where the part has none.
std::string HeaderOf(std::string_view headers, std::string_view name) {
  std::string value;
  bool wanted = false;
  while (!headers.empty()) {
    const std::string_view line = headers.substr(0, headers.find('\n'));
    headers.remove_prefix(std::min(line.size() + 1, headers.size()));
    const std::size_t colon = std::min(line.find(':'), line.size());
    const bool continues = line.starts_with(' ') || line.starts_with('\t');
    if (!continues) wanted = value.empty() && EqualsIgnoringCase(Trim(line.substr(0, colon)), name);
    if (!wanted) continue;
    value += continues ? " " : "";
    value += Trim(continues ? line : line.substr(std::min(colon + 1, line.size())));
  }
  return value;
}

// RFC 7578 has no transfer encodings; these leave the bytes as they are.
bool LeavesBytes(const std::string& transfer_encoding) {
  const std::string encoding = ToLower(transfer_encoding);
  return encoding.empty() || encoding == "7bit" || encoding == "8bit" || encoding == "binary";
}

Result<ByteField> ReadField(const Part& part) {
  if (!LeavesBytes(HeaderOf(part.headers, "Content-Transfer-Encoding")))
    return Error{ErrorKind::BadInput, "has a part in a transfer encoding that is not supported"};
  const auto name = HeaderParameter(HeaderOf(part.headers, "Content-Disposition"), "name");
  return ByteField{name.value_or(""), std::string(part.content),
                   CharsetOfContentType(HeaderOf(part.headers, "Content-Type"))};
}

}  // namespace

bool LooksLikeMultipart(const RawPost& post) {
  const std::string_view body = WithoutMark(post.body);
  if (FindBoundary(body, post.content_type)) return true;
  return SaysMultipart(post) && body.starts_with("--");
}

Result<Fields> DecodeMultipart(const RawPost& post, const DecodeLimits& limits) {
  const std::string_view body = WithoutMark(post.body);
  const auto boundary = FindBoundary(body, post.content_type);
  if (!boundary) return Error{ErrorKind::BadInput, "its boundary does not occur in it"};
  const Result<std::vector<Part>> parts = SplitParts(body, *boundary, limits.fields);
  if (!parts) return parts.error();
  std::vector<ByteField> fields;
  for (const Part& part : *parts) {
    Result<ByteField> field = ReadField(part);
    if (!field) return field.error();
    fields.push_back(*std::move(field));
  }
  return ReadByteFields(std::move(fields), post.content_type, limits);
}

}  // namespace relay
