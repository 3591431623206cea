// What the first bytes of a body say about its encoding. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace relay {

enum class ByteOrder {
  Bytes,         // UTF-8 or a set of one byte a character
  Utf8WithMark,  // EF BB BF
  Utf16Little,   // by its mark, or by the zero bytes around a first ASCII character
  Utf16Big,
};

struct Opening {
  ByteOrder order = ByteOrder::Bytes;
  std::size_t mark = 0;        // bytes of the byte order mark
  bool angle_bracket = false;  // the first character that is not white space is "<"
};

Opening ReadOpening(std::string_view body);

}  // namespace relay
