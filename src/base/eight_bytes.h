// Eight bytes of a text at once, for loops over text that is plain for the most part. Pure; any
// thread.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace relay {

inline std::uint64_t LoadEight(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

inline void StoreEight(std::uint64_t word, char* bytes) {
  std::memcpy(bytes, &word, sizeof word);
}

constexpr std::uint64_t EightTimes(char c) {
  return static_cast<unsigned char>(c) * 0x0101010101010101u;
}

// The highest bit of each byte that is `c`; no other bit.
constexpr std::uint64_t WhereIs(char c, std::uint64_t word) {
  constexpr std::uint64_t kLow = 0x7F7F7F7F7F7F7F7Fu;
  const std::uint64_t other = word ^ EightTimes(c);
  return ~(((other & kLow) + kLow) | other | kLow);
}

// Of what WhereIs() returned, not 0: the place of the first, from 0.
constexpr std::size_t FirstOf(std::uint64_t marks) {
  if constexpr (std::endian::native == std::endian::little) {
    return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
  } else {
    return static_cast<std::size_t>(std::countl_zero(marks)) / 8;
  }
}

// The place of the first of these characters, or the length of the text.
template <char... kWanted>
std::size_t FindAnyOf(std::string_view text) {
  std::size_t at = 0;
  for (; text.size() - at >= 8; at += 8) {
    const std::uint64_t word = LoadEight(text.data() + at);
    const std::uint64_t marks = (WhereIs(kWanted, word) | ...);
    if (marks != 0) return at + FirstOf(marks);
  }
  while (at < text.size() && ((text[at] != kWanted) && ...)) ++at;
  return at;
}

}  // namespace relay
