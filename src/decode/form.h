// The form format: application/x-www-form-urlencoded. Pure; any thread.
//
// "&" separates, ";" does not; "+" is a space; a "%" without two hex digits stays as it is; a field
// without "=" has an empty value. The whole may be UTF-16, known by its mark or by the zero bytes
// around a first ASCII character.
#pragma once

#include "base/result.h"
#include "decode/decode.h"
#include "model/fields.h"
#include "model/post.h"

namespace relay {

// Reads the body, or the query string where the body is blank. The bytes of names and values become
// text as ReadByteFields says.
Result<Fields> DecodeForm(const RawPost& post, const DecodeLimits& limits);

}  // namespace relay
