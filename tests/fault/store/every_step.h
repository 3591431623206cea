// The script is broken off at every step of the disk in turn.
#pragma once

#include <gtest/gtest.h>

#include <iostream>
#include <memory>
#include <string>

#include "fault/store/tally.h"
#include "fault/store/tight_connections.h"

namespace relay::test {

class EveryStep : public testing::Test {
 protected:
  // Runs until nothing works any more; says which operation failed, and leaves the disk as it was.
  std::size_t RunUpTo(std::size_t step) {
    disk_ = InsertEmptyDisk(vfs_);
    disk_->SetFates([=](std::size_t number, Step) {
      return number == step ? Fate::PowerFails : Fate::Happens;
    });
    Machine machine;
    const Played played = Play(machine, 0);
    tally_.ExpectIdentity(machine.store_id);
    return played.next;
  }

  // Looks at the store after an operation that was not answered; says with which to go on.
  std::size_t CheckInDoubt(const Result<Inventory>& found, std::size_t operation,
                           const std::string& where) {
    const std::size_t last = operation < Script().size() ? operation + 1 : operation;
    return tally_.CheckOneOf(found, operation, last, where);
  }

  // Does what is left of the script and cuts the power.
  void GoOnToTheEnd(Machine& machine, const ForgetfulDisk& disk, std::size_t operation,
                    const std::string& where) {
    Played played{operation, OpenStores(machine)};
    if (played.result) played = Play(machine, operation);
    const auto found = played.result ? TakeInventory(vfs_, disk.AfterPowerCut(Survival::Nothing, 0))
                                     : Result<Inventory>(played.result.error());
    tally_.CheckOneOf(found, Script().size(), Script().size(), where + ", at the end");
  }

  void Report(const std::string& what) {
    RecordProperty("looked", static_cast<int>(tally_.checked()));
    RecordProperty("result", tally_.Summary());
    std::cout << what << " at each of " << rehearsal_.steps.size() << " steps; looked "
              << tally_.checked() << " times: " << tally_.Summary() << "\n";
    EXPECT_TRUE(tally_.clean()) << tally_.Summary();
  }

  ForgetfulVfs vfs_;
  TightConnections tight_;
  const Rehearsal rehearsal_ = Rehearse(vfs_);
  Tally tally_{rehearsal_};
  std::shared_ptr<ForgetfulDisk> disk_;
};

}  // namespace relay::test
