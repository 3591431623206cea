// Any thread.
#pragma once

#include <string_view>

namespace relay {

// False, with errno, where not all of it could be written to the descriptor.
bool WriteAll(int descriptor, std::string_view text);

}  // namespace relay
