#include "session/time_stamp.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

TEST(TimeStamp, IsReadByEitherClock) {
  const struct {
    std::string_view text, stamp;
    int minute;
    bool twelve_hour;
  } rows[] = {
      {"9:02 AM Jane Doe: hi", "9:02 AM", 542, true},
      {"12:00 AM x", "12:00 AM", 0, true},
      {"12:59 PM", "12:59 PM", 779, true},
      {"11:59 pm\nx", "11:59 pm", 1439, true},
      {"9:02AM x", "9:02AM", 542, true},
      {"9:02\xE2\x80\xAFPM x", "9:02\xE2\x80\xAFPM", 1262, true},
      {"09:02 Jane: hi", "09:02", 542, false},
      {"9:02 Jane: hi", "9:02", 542, false},
      {"23:59", "23:59", 1439, false},
      {"00:00\tx", "00:00", 0, false},
      {"9:02 AMY: hi", "9:02", 542, false},
  };
  for (const auto& row : rows) {
    const auto stamp = ReadTimeStamp(row.text);
    ASSERT_TRUE(stamp) << row.text;
    EXPECT_EQ(row.text.substr(0, stamp->length), row.stamp);
    EXPECT_EQ(stamp->minute_of_day, row.minute) << row.text;
    EXPECT_EQ(stamp->twelve_hour, row.twelve_hour) << row.text;
  }
}

TEST(TimeStamp, IsNothingElse) {
  for (const std::string_view text :
       {"", "9", "9:", "9:0", "9:5 AM", "24:00", "09:60", "123:45 x", ":02", "9.02 AM",
        "09:02:33 x", "09:02x", "10:30-11:00", " 9:02 AM", "[9:02 AM]", "-9:02", "9 :02"})
    EXPECT_FALSE(ReadTimeStamp(text)) << text;
}

}  // namespace
}  // namespace relay
