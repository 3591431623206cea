#include "model/circuit.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

using std::chrono::seconds;

constexpr CircuitPolicy kPolicy{10, seconds(5), seconds(60)};

TEST(ProbeWait, IsNothingWhileTheRowOfFailuresIsShort) {
  for (const int failures : {0, 1, 9}) EXPECT_EQ(ProbeWait(kPolicy, failures), seconds(0));
}

TEST(ProbeWait, DoublesWithEveryProbeThatFailsUpToTheMost) {
  EXPECT_EQ(ProbeWait(kPolicy, 10), seconds(5));
  EXPECT_EQ(ProbeWait(kPolicy, 11), seconds(10));
  EXPECT_EQ(ProbeWait(kPolicy, 13), seconds(40));
  EXPECT_EQ(ProbeWait(kPolicy, 14), seconds(60));
  EXPECT_EQ(ProbeWait(kPolicy, 1'000'000), seconds(60));
}

TEST(ProbeWait, IsNeverLongerThanTheMostEvenAtFirst) {
  EXPECT_EQ(ProbeWait({10, seconds(5), seconds(1)}, 10), seconds(1));
}

TEST(ProbeWait, DoesNotLoopForeverWhereTheFirstIsZero) {
  EXPECT_EQ(ProbeWait({1, seconds(0), seconds(60)}, 1000), seconds(0));
}

}  // namespace
}  // namespace relay
