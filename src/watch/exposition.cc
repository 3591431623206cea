#include "watch/exposition.h"

#include <fmt/format.h>

#include <cmath>

namespace relay {
namespace {

std::string EscapeLabel(const std::string& value) {
  std::string escaped;
  for (const char c : value) {
    if (c == '\\' || c == '"') escaped += '\\';
    if (c == '\n') {
      escaped += "\\n";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string LabelText(const MetricLabels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    text += fmt::format("{}{}=\"{}\"", text.empty() ? "{" : ",", name, EscapeLabel(value));
  }
  return text.empty() ? text : text + "}";
}

Json NumberOf(double value) {
  if (std::abs(value) < 0x1p53 && value == std::trunc(value)) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

}  // namespace

std::string Expose(const std::vector<Family>& families) {
  std::string text;
  for (const Family& family : families) {
    text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", family.name, family.help, family.name,
                        family.type);
    for (const Sample& sample : family.samples) {
      text += fmt::format("{}{}{} {}\n", family.name, sample.suffix, LabelText(sample.labels),
                          ToText(NumberOf(sample.value)));
    }
  }
  return text;
}

std::vector<Json> ExposeJson(const std::vector<Family>& families) {
  std::vector<Json> rows;
  for (const Family& family : families) {
    for (const Sample& sample : family.samples) {
      Json labels = Json::object();
      for (const auto& [name, value] : sample.labels) labels[name] = value;
      rows.push_back({{"name", family.name + sample.suffix},
                      {"labels", std::move(labels)},
                      {"value", NumberOf(sample.value)}});
    }
  }
  return rows;
}

}  // namespace relay
