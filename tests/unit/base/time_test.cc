#include "base/time.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

using std::chrono::milliseconds;

TEST(Time, IsWrittenInUtcToTheSecond) {
  EXPECT_EQ(FormatTime(Time(milliseconds(1'771'235'624'999))), "2026-02-16T09:53:44Z");
}

TEST(Time, BeforeTheEpochIsRoundedDown) {
  EXPECT_EQ(FormatTime(Time(milliseconds(-1))), "1969-12-31T23:59:59Z");
}

TEST(Time, HasFourDigitsInItsYear) {
  EXPECT_EQ(FormatTime(Time(std::chrono::sys_days(std::chrono::year(9) / 1 / 2))),
            "0009-01-02T00:00:00Z");
}

TEST(SystemClock, DoesNotRunBackwardsWithinATest) {
  const SystemClock clock;
  const Time first = clock.Now();
  EXPECT_LE(first, clock.Now());
}

}  // namespace
}  // namespace relay
