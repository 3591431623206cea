// From the bytes of a request to fields. Pure functions; any thread may call them.
//
// Liberal in what is read: a body that starts with "<" is XML whatever its type says, one that is
// divided by a boundary is multipart, anything else is a form; a POST with an empty body is read
// from its query string.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "model/fields.h"
#include "model/post.h"

namespace relay {

// What a body may cost to decode. Over a limit the post cannot be decoded (BadInput).
struct DecodeLimits {
  std::size_t fields = 10'000;
  std::size_t name_length = 1024;  // bytes
  std::size_t depth = 64;          // elements of XML in each other, the root included
};

// The errors that formats have in common.
Error TooManyFields(const DecodeLimits& limits);
Error NameTooLong(const DecodeLimits& limits);

// Errors are BadInput; their message names the format and the reason, never a posted value.
Result<Fields> Decode(const RawPost& post, const DecodeLimits& limits = {});

}  // namespace relay
