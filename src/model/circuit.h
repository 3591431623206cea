// Whether a destination answers at all, so that one that is down is asked now and then and not
// hammered. Plain values; no I/O.
#pragma once

#include <algorithm>
#include <string>

#include "base/time.h"

namespace relay {

// The attempts of one action that failed in a row, over all its deliveries. One that is answered,
// with whatever, ends the row.
struct Circuit {
  std::string action;
  int failures = 0;
  Time last_failure{};
  std::string reason;  // of the last failure
};

// When failures in a row keep further attempts away.
struct CircuitPolicy {
  int trip_after = 10;              // fewer may be bad luck
  Duration first{};                 // between the failure that trips it and the first probe
  Duration most = Duration::max();  // between two probes; the return is found within it
};

// How long after its last failure the destination is left alone: zero while the row is short,
// then `first`, doubled with each probe that fails.
inline Duration ProbeWait(const CircuitPolicy& policy, int failures) {
  if (failures < policy.trip_after) return Duration::zero();
  Duration wait = std::min(policy.first, policy.most);
  for (int i = policy.trip_after; i < failures && wait < policy.most; ++i) wait *= 2;
  return std::min(wait, policy.most);
}

}  // namespace relay
