// The format multipart/form-data. Pure; any thread.
//
// The boundary is the one that the Content-Type names, where it occurs, or else the one on a first
// line that is followed by the headers of a part. Lines end in CRLF or LF. A body without its
// closing boundary was cut short.
//
// A part without a name is a field with an empty one, and so is text beside the parts. The name of
// a file is not read.
#pragma once

#include "base/result.h"
#include "decode/decode.h"
#include "model/fields.h"
#include "model/post.h"

namespace relay {

// True where a boundary divides the body, or should: its type is multipart and it begins with "--".
bool LooksLikeMultipart(const RawPost& post);

// The bytes of names and values become text as ReadByteFields says.
Result<Fields> DecodeMultipart(const RawPost& post, const DecodeLimits& limits);

}  // namespace relay
