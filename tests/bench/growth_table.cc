#include "bench/growth_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "support/cpu_time.h"

namespace relay::bench {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr std::array<std::size_t, 3> kSizes{kMiB, 4 * kMiB, 16 * kMiB};

// The best of three, unless it takes long.
double Measure(const std::string& input, const std::function<std::string(const std::string&)>& run,
               std::string& answer) {
  double best = 1e9;
  for (int round = 0; round < 3 && (round == 0 || best < 2); ++round) {
    const double start = test::CpuSeconds();
    answer = run(input);
    best = std::min(best, test::CpuSeconds() - start);
  }
  return best;
}

}  // namespace

GrowthTable::GrowthTable(const std::string& title) {
  fmt::print("\n{:44} {:>9} {:>9} {:>9} {:>8}  {}\n", title, "1 MiB ms", "4 MiB", "16 MiB",
             "per byte", "answer at 16 MiB");
}

void GrowthTable::Row(const std::string& name, const std::function<std::string(std::size_t)>& make,
                      const std::function<std::string(const std::string&)>& run) {
  std::array<double, kSizes.size()> seconds{};
  std::array<double, kSizes.size()> per_byte{};
  std::string answer;
  for (std::size_t i = 0; i < kSizes.size(); ++i) {
    const std::string input = make(kSizes[i]);
    seconds[i] = Measure(input, run, answer);
    per_byte[i] = seconds[i] / static_cast<double>(std::max<std::size_t>(input.size(), 1));
  }
  // What is over so soon was refused near its beginning.
  const double ratio = seconds[2] < 0.02 ? 1.0 : per_byte[2] / std::max(per_byte[0], 1e-12);
  if (ratio > 4) ++not_linear_;
  fmt::print("{:44} {:9.2f} {:9.2f} {:9.2f} {:8.2f}  {}{}\n", name, seconds[0] * 1000,
             seconds[1] * 1000, seconds[2] * 1000, ratio, answer, ratio > 4 ? "  NOT LINEAR" : "");
  std::fflush(stdout);
}

std::string Fill(const std::string& text, std::size_t size) {
  std::string all;
  all.reserve(size + text.size());
  while (all.size() < size) all += text;
  return all;
}

}  // namespace relay::bench
