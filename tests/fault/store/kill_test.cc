// The processes are killed at every step of the disk in turn, others take over, and then the power
// is cut.
#include <fmt/format.h>

#include "fault/store/every_step.h"

namespace relay::test {
namespace {

class KillTest : public EveryStep {};

// A killed process leaves commits that others see, but that are not synced. Whoever asks again must
// not be told that it is done until it is.
TEST_F(KillTest, ARepeatIsAcknowledgedOnlyWhenItWouldSurviveAPowerCut) {
  for (std::size_t step = 0; step < rehearsal_.steps.size(); ++step) {
    const std::string where = fmt::format("step {}", step);
    const std::size_t operation = RunUpTo(step);
    const auto left = disk_->AfterKill();
    vfs_.Insert(left);
    Machine machine;
    ASSERT_TRUE(OpenStores(machine).ok()) << where;
    std::size_t next = CheckInDoubt(TakeInventory(*machine.receiver), operation, where);
    if (operation < Script().size() && Script()[operation].asked_again) {
      ASSERT_TRUE(Script()[operation].run(machine).ok()) << where;
      next = operation + 1;
      tally_.CheckOneOf(TakeInventory(vfs_, left->AfterPowerCut(Survival::Nothing, 0)), next, next,
                        where + ", asked again");
      vfs_.Insert(left);
    }
    GoOnToTheEnd(machine, *left, next, where);
  }
  Report("killed the processes");
}

}  // namespace
}  // namespace relay::test
