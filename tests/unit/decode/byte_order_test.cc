#include "decode/byte_order.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

using namespace std::string_view_literals;

TEST(ByteOrder, IsReadFromTheFirstBytes) {
  const struct {
    std::string_view body;
    ByteOrder order;
    std::size_t mark;
    bool angle_bracket;
  } rows[] = {
      {"<session/>"sv, ByteOrder::Bytes, 0, true},
      {" \t\r\n<session/>"sv, ByteOrder::Bytes, 0, true},
      {"\xEF\xBB\xBF <a/>"sv, ByteOrder::Utf8WithMark, 3, true},
      {"\xEF\xBB\xBFSessionID=1"sv, ByteOrder::Utf8WithMark, 3, false},
      {"\xFF\xFE<\0a\0"sv, ByteOrder::Utf16Little, 2, true},
      {"\xFF\xFE\n\0<\0"sv, ByteOrder::Utf16Little, 2, true},
      {"\xFE\xFF\0<\0a"sv, ByteOrder::Utf16Big, 2, true},
      {"<\0a\0"sv, ByteOrder::Utf16Little, 0, true},
      {" \0<\0"sv, ByteOrder::Utf16Little, 0, true},
      {"\0<\0a"sv, ByteOrder::Utf16Big, 0, true},
      {"S\0e\0"sv, ByteOrder::Utf16Little, 0, false},
      {"\0S\0e"sv, ByteOrder::Utf16Big, 0, false},
      {"\xE9\0"sv, ByteOrder::Bytes, 0, false},
      {"\0\0"sv, ByteOrder::Bytes, 0, false},
      {"\xFF\xFE<\1a\0"sv, ByteOrder::Utf16Little, 2, false},
      {"\xFF\xFE"sv, ByteOrder::Utf16Little, 2, false},
      {"\xFF\xFE<"sv, ByteOrder::Utf16Little, 2, false},
      {"SessionID=1&x=<a>"sv, ByteOrder::Bytes, 0, false},
      {""sv, ByteOrder::Bytes, 0, false},
      {"  "sv, ByteOrder::Bytes, 0, false},
      {"<"sv, ByteOrder::Bytes, 0, true},
  };
  for (const auto& row : rows) {
    const Opening opening = ReadOpening(row.body);
    EXPECT_EQ(opening.order, row.order) << row.body;
    EXPECT_EQ(opening.mark, row.mark) << row.body;
    EXPECT_EQ(opening.angle_bracket, row.angle_bracket) << row.body;
  }
}

}  // namespace
}  // namespace relay
