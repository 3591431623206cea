#include "support/cpu_time.h"

#include <malloc.h>

#include <algorithm>
#include <ctime>
#include <limits>

namespace relay::test {

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double LeastCpuSeconds(int runs, const std::function<void()>& run) {
  // Memory is kept from one run to the next, or large runs alone would pay for its pages each time.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  double least = std::numeric_limits<double>::max();
  for (int i = 0; i < runs; ++i) {
    const double start = CpuSeconds();
    run();
    least = std::min(least, CpuSeconds() - start);
  }
  return least;
}

bool CostsLessThan(double seconds, int runs, const std::function<void()>& run) {
  for (int i = 0; i < runs; ++i) {
    if (LeastCpuSeconds(1, run) < seconds) return true;
  }
  return false;
}

}  // namespace relay::test
