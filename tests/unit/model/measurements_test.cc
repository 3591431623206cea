#include "model/measurements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace relay {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Measurements, CountsByActionAndDetail) {
  Measurements measurements;
  measurements.Add(kAttempts, "crm", "done");
  measurements.Add(kAttempts, "crm", "done", 2);
  measurements.Add(kAttempts, "mail", "dead");
  EXPECT_THAT(measurements.Take(), ElementsAre(Measured{kAttempts.name, "crm", "done", 0, 3, 0},
                                               Measured{kAttempts.name, "mail", "dead", 0, 1, 0}));
  EXPECT_THAT(measurements.Take(), IsEmpty()) << "it begins anew";
}

TEST(Measurements, PutsATimeInTheBucketWhoseBoundItDoesNotExceed) {
  Measurements measurements;
  measurements.Add(kSyncTime, "", milliseconds(1));
  measurements.Add(kSyncTime, "", microseconds(1001), 2);
  measurements.Add(kSyncTime, "", std::chrono::hours(1));
  measurements.Add(kSyncTime, "", microseconds(-5));
  EXPECT_THAT(measurements.Take(),
              ElementsAre(Measured{kSyncTime.name, "", "", 1, 2, 1000},
                          Measured{kSyncTime.name, "", "", 2, 2, 2002},
                          Measured{kSyncTime.name, "", "", kNoBound, 1, 3'600'000'000}));
}

TEST(Measurements, WhatIsPutBackIsAddedToWhatCameMeanwhile) {
  Measurements measurements;
  measurements.Add(kRequests, "", "200", 5);
  const auto taken = measurements.Take();
  measurements.Add(kRequests, "", "200", 1);
  measurements.PutBack(taken);
  EXPECT_THAT(measurements.Take(), ElementsAre(Measured{kRequests.name, "", "200", 0, 6, 0}));
}

TEST(Measurements, LosesNothingOfManyThreads) {
  constexpr int kEach = 10'000;
  Measurements measurements;
  std::int64_t taken = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < kEach; ++n) measurements.Add(kRequests, "", "200");
      });
    }
    for (int i = 0; i < 100; ++i) {
      for (const Measured& one : measurements.Take()) taken += one.count;
    }
  }
  for (const Measured& one : measurements.Take()) taken += one.count;
  EXPECT_EQ(taken, 4 * kEach);
}

TEST(Histograms, HaveRisingBounds) {
  for (const Histogram* histogram : Histograms()) {
    EXPECT_TRUE(std::ranges::is_sorted(histogram->bounds)) << histogram->name;
    EXPECT_FALSE(histogram->bounds.empty()) << histogram->name;
  }
}

}  // namespace
}  // namespace relay
