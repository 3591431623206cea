// The power is cut at every step of the disk in turn, and the store is opened on what is left.
#include <fmt/format.h>

#include "fault/store/every_step.h"

namespace relay::test {
namespace {

enum class Then { Stops, GoesOn };

struct Cuts {
  const char* name;
  Survival survival;
  unsigned seeds;  // how often each step is tried
  Then then;       // what becomes of the script
};

class PowerCutTest : public EveryStep, public testing::WithParamInterface<Cuts> {};

TEST_P(PowerCutTest, LosesNothingThatWasAcknowledgedAtAnyStep) {
  for (std::size_t step = 0; step < rehearsal_.steps.size(); ++step) {
    const std::size_t operation = RunUpTo(step);
    for (unsigned seed = 0; seed < GetParam().seeds; ++seed) {
      const std::string where = fmt::format("step {}, seed {}", step, seed);
      const auto left = disk_->AfterPowerCut(GetParam().survival, seed);
      const std::size_t next = CheckInDoubt(TakeInventory(vfs_, left), operation, where);
      if (GetParam().then == Then::Stops) continue;
      Machine machine;
      GoOnToTheEnd(machine, *left, next, where);
    }
  }
  Report(fmt::format("cut the power {} times", GetParam().seeds));
}

std::string CutName(const testing::TestParamInfo<Cuts>& cuts) {
  return cuts.param.name;
}

INSTANTIATE_TEST_SUITE_P(Leaving, PowerCutTest,
                         testing::Values(Cuts{"Nothing", Survival::Nothing, 1, Then::Stops},
                                         Cuts{"TheFirst", Survival::InOrder, 2, Then::Stops},
                                         Cuts{"AnySectors", Survival::Scattered, 2, Then::Stops},
                                         Cuts{"Junk", Survival::Junk, 1, Then::GoesOn}),
                         CutName);

INSTANTIATE_TEST_SUITE_P(Long, PowerCutTest,
                         testing::Values(Cuts{"Nothing", Survival::Nothing, 1, Then::GoesOn},
                                         Cuts{"TheFirst", Survival::InOrder, 25, Then::GoesOn},
                                         Cuts{"AnySectors", Survival::Scattered, 25, Then::GoesOn},
                                         Cuts{"Junk", Survival::Junk, 25, Then::GoesOn}),
                         CutName);

}  // namespace
}  // namespace relay::test
