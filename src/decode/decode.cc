#include "decode/decode.h"

#include <string_view>

#include "decode/form.h"
#include "decode/multipart.h"
#include "decode/xml.h"

namespace relay {
namespace {

struct Format {
  std::string_view name;
  bool (*reads)(const RawPost& post);
  Result<Fields> (*decode)(const RawPost& post, const DecodeLimits& limits);
};

bool Always(const RawPost&) {
  return true;
}

// The first that reads a post decodes it.
constexpr Format kFormats[] = {
    {"XML", LooksLikeXml, DecodeXml},
    {"multipart", LooksLikeMultipart, DecodeMultipart},
    {"form", Always, DecodeForm},
};

}  // namespace

Error TooManyFields(const DecodeLimits& limits) {
  return {ErrorKind::BadInput, "has more than " + std::to_string(limits.fields) + " fields"};
}

Error NameTooLong(const DecodeLimits& limits) {
  return {ErrorKind::BadInput,
          "has a name of more than " + std::to_string(limits.name_length) + " bytes"};
}

Result<Fields> Decode(const RawPost& post, const DecodeLimits& limits) {
  for (const Format& format : kFormats) {
    if (!format.reads(post)) continue;
    Result<Fields> fields = format.decode(post, limits);
    if (!fields) return fields.error().Context(format.name);
    return fields;
  }
  return Error{ErrorKind::BadInput, "no format reads this body"};
}

}  // namespace relay
