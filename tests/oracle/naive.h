// Second decoders: short and slow, for comparison. Each reads a plain part of its language and is
// absent for everything else, so that what it says must be so. Written from the descriptions of the
// formats, not from the code under test.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/fields.h"

namespace relay::test {

// A form in UTF-8 or windows-1252 without NUL. Names no charset, holds no XML.
std::optional<FieldList> NaiveForm(const std::string& body);

// Strict XML in UTF-8: fields with text, CDATA, comments, nested elements; no text beside them.
std::optional<FieldList> NaiveXml(const std::string& document);

// Parts that have a name and nothing else, lines that end in CRLF.
std::optional<FieldList> NaiveMultipart(const std::string& body, const std::string& boundary);

// What times and numbers are by regular expressions; absent means that there is none.
std::optional<Time> NaiveTime(const std::string& text);
std::optional<double> NaiveNumber(const std::string& text);

// What is held after each chat, all of them normalised: whole texts compared, line by line.
std::string NaiveFold(const std::string& held, const std::string& chat);

bool NaiveIsUtf8(const std::string& text);

}  // namespace relay::test
