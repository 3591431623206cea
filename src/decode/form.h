// The form format: application/x-www-form-urlencoded. Pure; any thread.
//
// "&" separates, ";" does not; "+" is a space; a "%" without two hex digits stays as it is; a field
// without "=" has an empty value. A leading UTF-8 byte order mark is skipped.
//
// Each name and value is UTF-8 where it can be. Otherwise it is read in the set that the field
// "_charset_" or the Content-Type names, and in windows-1252 where none is named.
//
// A NUL character is BadInput: not every store and destination can hold one, and a value must never
// be cut short at it.
#pragma once

#include "base/result.h"
#include "decode/decode.h"
#include "model/fields.h"
#include "model/post.h"

namespace relay {

// Reads the body, or the query string where the body is blank.
Result<Fields> DecodeForm(const RawPost& post, const DecodeLimits& limits);

}  // namespace relay
