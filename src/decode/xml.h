// The XML format: one root element of any name, one child for each field. Pure; any thread.
//
// A value is all the text of its element, CDATA included, white space as it stands. Text of nested
// elements stands in it where they stood; a nested <br/> is a line break. Text beside the fields is
// kept as a field named like the root. Attributes are not read.
//
// More is accepted than XML allows: control characters, a bare "&", unknown entities (they stay as
// they are). No DTD is ever processed.
#pragma once

#include <string_view>

#include "base/result.h"
#include "decode/decode.h"
#include "model/fields.h"
#include "model/post.h"

namespace relay {

// True where the first character after byte order mark and white space is "<".
bool LooksLikeXml(const RawPost& post);

Result<Fields> DecodeXml(const RawPost& post, const DecodeLimits& limits);

// The same for a document by itself and what is said of its type.
Result<Fields> DecodeXmlDocument(std::string_view bytes, std::string_view content_type,
                                 const DecodeLimits& limits);

}  // namespace relay
