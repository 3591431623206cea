// The hash of a password as crypt(3) makes it, as cheap as its kind allows.
#pragma once

#include <string>

namespace relay::test {

// `kind` is a prefix of crypt(5): "$2b$", "$6$"; `cost` 0 is the default of its kind.
std::string PasswordHash(const std::string& password, const char* kind = "$2b$",
                         unsigned long cost = 4);

}  // namespace relay::test
