// Numbers in the text format that Prometheus reads:
// https://prometheus.io/docs/instrumenting/exposition_formats/
// Pure; any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"

namespace relay {

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

struct Sample {
  MetricLabels labels;
  double value = 0;
  const char* suffix = "";  // of a histogram: "_bucket", "_sum", "_count"
};

struct Family {
  std::string name;
  const char* type;  // counter, gauge or histogram
  std::string help;
  std::vector<Sample> samples = {};
};

std::string Expose(const std::vector<Family>& families);

// One object for each sample: {name, labels, value}.
std::vector<Json> ExposeJson(const std::vector<Family>& families);

}  // namespace relay
