// What is posted in a run and how the actions behave. The same for the same seed, so that every
// process and the checker know it without talking to each other.
#pragma once

#include <string>
#include <vector>

#include "fault/queue/checker.h"
#include "store/store.h"

namespace relay::test {

// One action whose order matters and whose dead are skipped, one whose dead hold their session,
// one without order.
std::vector<ActionRules> Rules();

// The posts of so many sessions, in the order in which they are stored: most sessions have one,
// some up to five, with those of others in between.
std::vector<ExpectedPost> Schedule(int sessions, unsigned seed);

// The post as the store is given it. `index` tells it from all others.
NewPost PostOf(const ExpectedPost& expected, std::size_t index, Time now);

}  // namespace relay::test
