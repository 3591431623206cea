// What something costs this thread, whatever else the machine does. For ratios of what is measured
// side by side, never for times of their own.
#pragma once

#include <functional>

namespace relay::test {

// CPU time of the calling thread, of CLOCK_THREAD_CPUTIME_ID.
double CpuSeconds();

// The least of so many runs: what the machine adds to one, by page faults and cold caches, it adds
// to each differently.
double LeastCpuSeconds(int runs, const std::function<void()>& run);

// Whether one of so many runs costs less than that.
bool CostsLessThan(double seconds, int runs, const std::function<void()>& run);

}  // namespace relay::test
