// Lines of a chat that the console wrote, not a person. Pure; any thread.
#pragma once

#include <string_view>

namespace relay {

// Goes by how the line starts, without its time stamp. Knows the English console only: lines of
// others count as said by people.
bool IsSystemLine(std::string_view text);

}  // namespace relay
