#include "base/time_zone.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace relay {
namespace {

Time At(int year, unsigned month, unsigned day, int hour, int minute, int second) {
  using namespace std::chrono;
  return sys_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day)) +
         hours(hour) + minutes(minute) + seconds(second);
}

// The local times are those of Python's zoneinfo.
TEST(TimeZone, KnowsTheOffsetOfEachMoment) {
  struct Row {
    const char* zone;
    Time time;
    const char* local;
  };
  const Row rows[] = {
      {"Europe/Berlin", At(2026, 3, 2, 10, 0, 5), "2026-03-02T11:00:05+01:00"},
      {"Europe/Berlin", At(2026, 3, 29, 0, 59, 59), "2026-03-29T01:59:59+01:00"},
      {"Europe/Berlin", At(2026, 3, 29, 1, 0, 0), "2026-03-29T03:00:00+02:00"},
      {"Europe/Berlin", At(2026, 10, 25, 0, 59, 59), "2026-10-25T02:59:59+02:00"},
      {"Europe/Berlin", At(2026, 10, 25, 1, 0, 0), "2026-10-25T02:00:00+01:00"},
      {"Europe/Berlin", At(1970, 1, 1, 0, 0, 0), "1970-01-01T01:00:00+01:00"},
      {"Europe/Berlin", At(1945, 7, 1, 0, 0, 0), "1945-07-01T03:00:00+03:00"},
      {"Europe/Berlin", At(2037, 7, 1, 12, 0, 0), "2037-07-01T14:00:00+02:00"},
      {"America/New_York", At(2026, 3, 8, 6, 59, 59), "2026-03-08T01:59:59-05:00"},
      {"America/New_York", At(2026, 3, 8, 7, 0, 0), "2026-03-08T03:00:00-04:00"},
      {"America/New_York", At(2026, 11, 1, 5, 59, 59), "2026-11-01T01:59:59-04:00"},
      {"America/New_York", At(2026, 11, 1, 6, 0, 0), "2026-11-01T01:00:00-05:00"},
      {"America/St_Johns", At(2026, 7, 1, 0, 0, 0), "2026-06-30T21:30:00-02:30"},
      {"Asia/Kolkata", At(2026, 12, 31, 18, 30, 0), "2027-01-01T00:00:00+05:30"},
      {"Australia/Lord_Howe", At(2026, 4, 4, 14, 59, 59), "2026-04-05T01:59:59+11:00"},
      {"Australia/Lord_Howe", At(2026, 4, 4, 15, 0, 0), "2026-04-05T01:30:00+10:30"},
      {"Pacific/Apia", At(2011, 12, 30, 9, 59, 59), "2011-12-29T23:59:59-10:00"},
      {"Pacific/Apia", At(2011, 12, 30, 10, 0, 0), "2011-12-31T00:00:00+14:00"},
      {"US/Eastern", At(2026, 7, 1, 12, 0, 0), "2026-07-01T08:00:00-04:00"},
      {"Etc/UTC", At(2026, 7, 1, 12, 0, 0), "2026-07-01T12:00:00+00:00"},
      {"UTC", At(2026, 7, 1, 12, 0, 0), "2026-07-01T12:00:00+00:00"},
  };
  for (const Row& row : rows) {
    const auto zone = TimeZone::Find(row.zone);
    ASSERT_TRUE(zone) << row.zone << ": " << zone.error().message;
    EXPECT_EQ(zone->Format(row.time), row.local) << row.zone;
    EXPECT_EQ(zone->name(), row.zone);
  }
}

TEST(TimeZone, LeavesOutTheFractionOfTheSecondBefore1970Too) {
  const auto zone = TimeZone::Find("Europe/Berlin");
  ASSERT_TRUE(zone);
  EXPECT_EQ(zone->Format(At(1969, 12, 31, 23, 59, 58) + Duration(999)),
            "1970-01-01T00:59:58+01:00");
}

TEST(TimeZone, IsUtcUnlessAnotherIsFound) {
  EXPECT_EQ(TimeZone().Format(At(2026, 3, 2, 10, 0, 5)), "2026-03-02T10:00:05+00:00");
  EXPECT_EQ(TimeZone().name(), "UTC");
}

TEST(TimeZone, ThatNobodyKnowsIsAMistake) {
  const auto zone = TimeZone::Find("Europe/Berln");
  ASSERT_FALSE(zone);
  EXPECT_EQ(zone.error().kind, ErrorKind::BadInput);
  EXPECT_EQ(zone.error().message,
            "there is no zone \"Europe/Berln\" (did you mean \"Europe/Berlin\"?)");
  for (const char* name :
       {"", "Mars/Olympus", "../../../etc/passwd", "CET-1CEST", "europe/berlin"}) {
    EXPECT_FALSE(TimeZone::Find(name)) << name;
  }
}

TEST(TimeZone, MayBeUsedByManyThreadsFromTheBeginning) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      const auto zone = TimeZone::Find("America/Sao_Paulo");
      ASSERT_TRUE(zone);
      EXPECT_EQ(zone->Format(At(2026, 7, 1, 12, 0, 0)), "2026-07-01T09:00:00-03:00");
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace relay
