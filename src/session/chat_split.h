// Entries of a chat that came without line breaks. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "session/system_line.h"

namespace relay {

// Where the entries after the first begin. Entries open with a time stamp written like the first
// one, which opens the text; without that there is nothing to go by.
//
// A time of day inside a message ("call me at 3:00 PM") must not become an entry: a stamp after a
// space counts only where a speaker ("Jane Doe:") or a system line follows, and of all stamps only
// the longest row counts that never runs backwards. So what is said after midnight stays with the
// last entry before it; no text is ever lost.
std::vector<std::size_t> FindEntries(std::string_view text, const SystemLines& system_lines = {});

}  // namespace relay
