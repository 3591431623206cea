// The characters of an XML document. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace relay {

// The document as UTF-8, without byte order mark, every line break a "\n" (XML 1.0, 2.11).
//
// A byte order mark wins. Then UTF-8 wins where the declaration or the Content-Type names it, or
// neither names anything, and the bytes are UTF-8. Then the declaration, then the Content-Type.
// BadInput where the bytes are not text in that set, or the declaration names a set not supported.
Result<std::string> XmlText(std::string_view bytes, std::string_view content_type);

}  // namespace relay
