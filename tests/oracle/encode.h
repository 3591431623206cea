// Writes fields as a sender would, and makes them up: each choice that a format leaves open is left
// to the generator, whose seed repeats all of it.
#pragma once

#include <random>
#include <string>

#include "model/fields.h"

namespace relay::test {

using Random = std::mt19937;

std::size_t Below(Random& random, std::size_t bound);

// Text of UTF-8 without NUL: words, white space, any line breaks, control characters, characters
// of two to four bytes, and what means something to a format.
std::string RandomText(Random& random);

// A SessionID and up to a dozen fields with names that XML allows; some of them repeated, some
// empty.
FieldList RandomFields(Random& random);

std::string EncodeForm(const FieldList& fields, Random& random);

// A document that decodes to the fields with CR only where it was written as a reference. In one of
// several encodings, which it declares or shows.
std::string EncodeXml(const FieldList& fields, Random& random);

// "\r\n" between lines; the boundary occurs in no value.
std::string EncodeMultipart(const FieldList& fields, const std::string& boundary);

}  // namespace relay::test
