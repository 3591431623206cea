#include "watch/exposition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "watch/measured_families.h"

namespace relay {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Expose, WritesWhatPrometheusReads) {
  const std::vector<Family> families{
      {"x_total", "counter", "Help.", {{{}, 3}, {{{"a", "say \"hi\"\n\\"}}, 0.5}}}};
  EXPECT_EQ(Expose(families),
            "# HELP x_total Help.\n# TYPE x_total counter\nx_total 3\n"
            "x_total{a=\"say \\\"hi\\\"\\n\\\\\"} 0.5\n");
}

TEST(Expose, WritesLargeNumbersInFull) {
  EXPECT_THAT(Expose({{"x", "gauge", "Help.", {{{}, 107374182400}}}}),
              HasSubstr("\nx 107374182400\n"));
}

TEST(ExposeJson, IsOneObjectForEachSample) {
  const auto rows = ExposeJson({{"x", "histogram", "Help.", {{{{"le", "1"}}, 2, "_bucket"}}}});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(ToText(rows[0]), R"({"name":"x_bucket","labels":{"le":"1"},"value":2})");
}

std::string TextOf(const std::vector<Measured>& measured, const std::string& name) {
  for (const Family& family : MeasuredFamilies(measured)) {
    if (family.name == name) return Expose({family});
  }
  return "";
}

TEST(MeasuredFamilies, SumsUpTheBucketsOfAHistogram) {
  const std::vector<Measured> measured{{kSyncTime.name, "", "", 2, 5, 8000},
                                       {kSyncTime.name, "", "", 5, 1, 4500},
                                       {kSyncTime.name, "", "", kNoBound, 1, 9'000'000}};
  const std::string text = TextOf(measured, kSyncTime.name);
  EXPECT_THAT(text, HasSubstr("rescue_relay_sync_seconds_bucket{le=\"0.001\"} 0\n"
                              "rescue_relay_sync_seconds_bucket{le=\"0.002\"} 5\n"
                              "rescue_relay_sync_seconds_bucket{le=\"0.005\"} 6\n"));
  EXPECT_THAT(text, HasSubstr("{le=\"5\"} 6\n"
                              "rescue_relay_sync_seconds_bucket{le=\"+Inf\"} 7\n"
                              "rescue_relay_sync_seconds_sum 9.0125\n"
                              "rescue_relay_sync_seconds_count 7\n"));
}

TEST(MeasuredFamilies, KeepWhatWasCountedUnderBoundsOfAnotherVersion) {
  const std::string text = TextOf({{kSyncTime.name, "", "", 3, 5, 0}}, kSyncTime.name);
  EXPECT_THAT(text, HasSubstr("{le=\"0.002\"} 0\nrescue_relay_sync_seconds_bucket{le=\"0.003\"} 5\n"
                              "rescue_relay_sync_seconds_bucket{le=\"0.005\"} 5\n"));
}

TEST(MeasuredFamilies, AreThereBeforeAnythingWasMeasured) {
  EXPECT_THAT(TextOf({}, kAcceptTime.name),
              HasSubstr("rescue_relay_accept_seconds_bucket{le=\"+Inf\"} 0\n"));
  EXPECT_THAT(TextOf({}, kAttempts.name), StartsWith("# HELP rescue_relay_attempts_total "));
}

TEST(MeasuredFamilies, TellActionsAndDetailsApart) {
  const std::vector<Measured> measured{{kAttempts.name, "crm", "done", 0, 3, 0},
                                       {kAttemptTime.name, "crm", "", 5, 1, 4000},
                                       {kAttemptTime.name, "mail", "", 5, 2, 8000}};
  EXPECT_THAT(TextOf(measured, kAttempts.name),
              HasSubstr("rescue_relay_attempts_total{action=\"crm\",outcome=\"done\"} 3\n"));
  const std::string times = TextOf(measured, kAttemptTime.name);
  EXPECT_THAT(times, HasSubstr("_bucket{action=\"crm\",le=\"+Inf\"} 1\n"));
  EXPECT_THAT(times, HasSubstr("_count{action=\"mail\"} 2\n"));
}

}  // namespace
}  // namespace relay
