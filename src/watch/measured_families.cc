#include "watch/measured_families.h"

#include <fmt/format.h>

#include <map>
#include <string>

namespace relay {
namespace {

MetricLabels ActionLabel(const std::string& action) {
  if (action.empty()) return {};
  return {{"action", action}};
}

Family FamilyOf(const Counter& counter, std::span<const Measured> measured) {
  Family family{counter.name, "counter", counter.help};
  for (const Measured& one : measured) {
    if (one.metric != counter.name) continue;
    MetricLabels labels = ActionLabel(one.action);
    labels.emplace_back(counter.detail, one.detail);
    family.samples.push_back({std::move(labels), static_cast<double>(one.count)});
  }
  return family;
}

// Of one action.
struct Buckets {
  std::map<std::int64_t, std::int64_t> counts;  // by bound
  std::int64_t microseconds = 0;
};

void AddSamples(const std::string& action, const Buckets& buckets, Family& family) {
  std::int64_t sum = 0;
  for (const auto& [bound, count] : buckets.counts) {
    sum += count;
    MetricLabels labels = ActionLabel(action);
    labels.emplace_back(
        "le", bound == kNoBound ? "+Inf" : fmt::format("{}", static_cast<double>(bound) / 1000));
    family.samples.push_back({std::move(labels), static_cast<double>(sum), "_bucket"});
  }
  const double seconds = static_cast<double>(buckets.microseconds) / 1e6;
  family.samples.push_back({ActionLabel(action), seconds, "_sum"});
  family.samples.push_back({ActionLabel(action), static_cast<double>(sum), "_count"});
}

Family FamilyOf(const Histogram& histogram, std::span<const Measured> measured) {
  std::map<std::string, Buckets> by_action;
  if (!histogram.by_action) by_action[""];
  for (const Measured& one : measured) {
    if (one.metric != histogram.name) continue;
    Buckets& buckets = by_action[one.action];
    buckets.counts[one.bound] += one.count;
    buckets.microseconds += one.microseconds;
  }
  Family family{histogram.name, "histogram", histogram.help};
  for (auto& [action, buckets] : by_action) {
    // Those that are empty, too: every scrape has the same.
    for (const auto bound : histogram.bounds) buckets.counts[bound.count()];
    buckets.counts[kNoBound];
    AddSamples(action, buckets, family);
  }
  return family;
}

}  // namespace

std::vector<Family> MeasuredFamilies(std::span<const Measured> measured) {
  std::vector<Family> families;
  for (const Counter* counter : Counters()) families.push_back(FamilyOf(*counter, measured));
  for (const Histogram* histogram : Histograms()) {
    families.push_back(FamilyOf(*histogram, measured));
  }
  return families;
}

}  // namespace relay
