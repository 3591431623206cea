#include "config/units.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

TEST(ParseDuration, ReadsANumberAndItsUnit) {
  EXPECT_EQ(ParseDuration("500ms"), Duration{500});
  EXPECT_EQ(ParseDuration("10s"), std::chrono::seconds(10));
  EXPECT_EQ(ParseDuration("15 m"), std::chrono::minutes(15));
  EXPECT_EQ(ParseDuration("1h"), std::chrono::hours(1));
  EXPECT_EQ(ParseDuration("90d"), std::chrono::days(90));
  EXPECT_EQ(ParseDuration("2w"), std::chrono::weeks(2));
}

TEST(ParseDuration, RefusesWhatIsNone) {
  for (const char* text : {"", "10", "s", "-1s", "1.5h", "10 parsecs", "99999999999999999999s",
                           "9223372036854775807w"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(ParseSize, ReadsANumberAndItsUnit) {
  EXPECT_EQ(ParseSize("512"), 512u);
  EXPECT_EQ(ParseSize("16MiB"), 16u << 20);
  EXPECT_EQ(ParseSize("16 MB"), 16'000'000u);
  EXPECT_EQ(ParseSize("1GiB"), 1u << 30);
  EXPECT_EQ(ParseSize("16 Mib"), std::nullopt);
  EXPECT_EQ(ParseSize("lots"), std::nullopt);
}

}  // namespace
}  // namespace relay
