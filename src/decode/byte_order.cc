#include "decode/byte_order.h"

namespace relay {
namespace {

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool IsAscii(char c) {
  return c > '\0' && static_cast<unsigned char>(c) < 0x80;
}

Opening ReadMark(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) return {ByteOrder::Utf8WithMark, 3};
  if (body.starts_with("\xFF\xFE")) return {ByteOrder::Utf16Little, 2};
  if (body.starts_with("\xFE\xFF")) return {ByteOrder::Utf16Big, 2};
  if (body.size() < 2) return {};
  if (IsAscii(body[0]) && body[1] == '\0') return {ByteOrder::Utf16Little, 0};
  if (body[0] == '\0' && IsAscii(body[1])) return {ByteOrder::Utf16Big, 0};
  return {};
}

}  // namespace

Opening ReadOpening(std::string_view body) {
  Opening opening = ReadMark(body);
  const bool wide = opening.order == ByteOrder::Utf16Little || opening.order == ByteOrder::Utf16Big;
  const std::size_t low = opening.order == ByteOrder::Utf16Big ? 1 : 0;
  const std::size_t width = wide ? 2 : 1;
  for (std::size_t i = opening.mark; i + width <= body.size(); i += width) {
    if (wide && body[i + 1 - low] != '\0') break;
    if (IsSpace(body[i + low])) continue;
    opening.angle_bracket = body[i + low] == '<';
    break;
  }
  return opening;
}

}  // namespace relay
