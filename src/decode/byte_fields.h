// Names and values whose bytes are not yet text, as forms have them. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "decode/charset.h"
#include "decode/decode.h"
#include "model/fields.h"

namespace relay {

struct ByteField {
  std::string name;
  std::string value;
  std::optional<Charset> charset;  // that the value names for itself
};

// Each name and value is UTF-8 where it can be. Otherwise it is read in the set it names for
// itself, in the one that the field "_charset_" or the Content-Type names, and in windows-1252
// where none is named. A byte order mark at the first name is skipped.
//
// Where no field is a SessionID and one alone opens like an XML document, whatever its name, the
// fields of that document stand in its place, if one of them is a SessionID. The document may also
// stand where the name should.
//
// A NUL in a value becomes U+FFFD: not every store and destination can hold one, and a value must
// never be cut short at it.
//
// BadInput: a NUL in a name, a name that is too long, a document that names a SessionID and cannot
// be read.
Result<Fields> ReadByteFields(std::vector<ByteField> fields, std::string_view content_type,
                              const DecodeLimits& limits);

}  // namespace relay
