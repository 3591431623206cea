// Every step of the disk fails in turn, once or for a while, and the program goes on living.
#include <fmt/format.h>

#include <stdexcept>

#include "fault/store/every_step.h"

namespace relay::test {
namespace {

// What a process does when a call has failed.
enum class Response { Repeats, ReopensAndRepeats };

struct Trouble {
  const char* name;
  Fate fate;
  std::size_t steps;  // how many fail, one after the other
  Response response;
};

// Of other steps a fate is the same as a plain error.
bool Concerns(Fate fate, Step step) {
  switch (fate) {
    case Fate::FindsDiskFull:
      return step == Step::Write || step == Step::Create;
    case Fate::FailsAndForgets:
      return step == Step::Sync;
    case Fate::Happens:
    case Fate::Fails:
    case Fate::PowerFails:
      break;
  }
  return true;
}

class IoErrorTest : public EveryStep, public testing::WithParamInterface<Trouble> {
 protected:
  // Runs the script to its end, repeating what fails, and looks at the store after each call that
  // met the trouble.
  void RunWithTroubleAt(std::size_t step) {
    where_ = fmt::format("trouble at step {}", step);
    disk_ = InsertEmptyDisk(vfs_);
    bool met = false;
    disk_->SetFates([&, step](std::size_t number, Step) {
      const bool fails = number >= step && number < step + GetParam().steps;
      met = met || fails;
      return fails ? GetParam().fate : Fate::Happens;
    });
    Machine machine;
    std::size_t failures = 0;
    for (std::size_t operation = 0; operation < Script().size();) {
      met = false;
      const auto done = Script()[operation].run(machine);
      tally_.ExpectIdentity(machine.store_id);
      if (done) {
        ++operation;
        if (met) CutPower(operation, operation);
        continue;
      }
      ExpectDiskFailure(done.error(), operation);
      ASSERT_TRUE(met) << where_;
      ASSERT_LE(++failures, GetParam().steps) << where_ << ": it cannot be repeated";
      // The same trouble once more shows nothing new; when it is over, all is looked at.
      if (disk_->steps() < step + GetParam().steps) continue;
      CutPower(operation, operation + 1);
      operation = Respond(machine, operation);
    }
    failures_ += failures;
    machine.CloseStores();
    CutPower(Script().size(), Script().size());
  }

  void ExpectDiskFailure(const Error& error, std::size_t operation) const {
    EXPECT_EQ(error.kind, ErrorKind::Temporary)
        << where_ << ", " << Script()[operation].name << ": " << error.message;
  }

  // The store must be as it is before one of these operations. What failed may be there or not, as
  // long as nothing follows it.
  void CutPower(std::size_t first, std::size_t last) {
    const auto seed = static_cast<unsigned>(disk_->steps());
    for (const Survival survival : {Survival::Nothing, Survival::Scattered}) {
      const auto found = TakeInventory(vfs_, disk_->AfterPowerCut(survival, seed));
      tally_.CheckOneOf(found, first, last, where_);
    }
    vfs_.Insert(disk_);
  }

  // Returns the operation to go on with.
  std::size_t Respond(Machine& machine, std::size_t operation) {
    switch (GetParam().response) {
      case Response::Repeats:
        if (machine.receiver == nullptr) break;
        // The process that was told of the failure sees nothing of it.
        return tally_.CheckOneOf(TakeInventory(*machine.receiver), operation, operation, where_);
      case Response::ReopensAndRepeats: {
        machine.CloseStores();
        if (!OpenStores(machine)) throw std::runtime_error(where_ + ": it does not open again");
        const std::size_t next =
            tally_.CheckOneOf(TakeInventory(*machine.receiver), operation, operation + 1, where_);
        return Script()[operation].asked_again ? operation : next;
      }
    }
    return operation;
  }

  std::size_t failures_ = 0;
  std::string where_;
};

TEST_P(IoErrorTest, WhatIsAcknowledgedStaysAndWhatFailsCanBeRepeatedAtAnyStep) {
  for (std::size_t step = 0; step < rehearsal_.steps.size(); ++step) {
    if (Concerns(GetParam().fate, rehearsal_.steps[step])) RunWithTroubleAt(step);
  }
  EXPECT_GT(failures_, 0u);
  Report(fmt::format("{} calls failed, with trouble", failures_));
}

std::string NameOf(const testing::TestParamInfo<Trouble>& trouble) {
  return trouble.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    Meeting, IoErrorTest,
    testing::Values(Trouble{"AnError", Fate::Fails, 1, Response::Repeats},
                    Trouble{"AFullDisk", Fate::FindsDiskFull, 1, Response::Repeats},
                    Trouble{"AForgottenSync", Fate::FailsAndForgets, 1, Response::Repeats},
                    Trouble{"ErrorsForAWhileAndReopening", Fate::Fails, 9,
                            Response::ReopensAndRepeats}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Long, IoErrorTest,
    testing::Values(
        Trouble{"AnErrorAndReopening", Fate::Fails, 1, Response::ReopensAndRepeats},
        Trouble{"AFullDiskAndReopening", Fate::FindsDiskFull, 1, Response::ReopensAndRepeats},
        Trouble{"ErrorsForAWhile", Fate::Fails, 9, Response::Repeats},
        Trouble{"ErrorsForALongWhile", Fate::Fails, 40, Response::ReopensAndRepeats},
        Trouble{"AFullDiskForAWhile", Fate::FindsDiskFull, 9, Response::Repeats},
        Trouble{"ForgottenSyncsForAWhile", Fate::FailsAndForgets, 9, Response::Repeats}),
    NameOf);

}  // namespace
}  // namespace relay::test
