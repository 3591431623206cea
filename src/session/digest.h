// SHA-256 of text. Pure; any thread.
#pragma once

#include <initializer_list>
#include <string_view>

#include "model/session.h"

namespace relay {

// Of the parts one after another. All zero, which means "not known", where the library fails.
Digest Sha256(std::initializer_list<std::string_view> parts);

}  // namespace relay
