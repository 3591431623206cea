// SHA-256 (FIPS 180-4), by libcrypto.
#pragma once

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

namespace relay {

using Digest = std::array<unsigned char, 32>;

// Of the parts one after the other, without anything between them.
Digest Sha256(std::initializer_list<std::string_view> parts);

// In lower-case hexadecimal digits.
std::string ToHex(const Digest& digest);

inline std::string_view AsBytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace relay
