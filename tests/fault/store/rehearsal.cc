#include "fault/store/rehearsal.h"

#include <stdexcept>

namespace relay::test {

std::shared_ptr<ForgetfulDisk> InsertEmptyDisk(ForgetfulVfs& vfs) {
  auto disk = std::make_shared<ForgetfulDisk>();
  vfs.Insert(disk);
  vfs.RestartRandomness();
  return disk;
}

Result<Inventory> TakeInventory(ForgetfulVfs& vfs, std::shared_ptr<ForgetfulDisk> disk) {
  vfs.Insert(std::move(disk));
  return TakeInventory(kStorePath);
}

Rehearsal Rehearse(ForgetfulVfs& vfs) {
  Rehearsal rehearsal;
  const auto disk = InsertEmptyDisk(vfs);
  disk->SetFates([&](std::size_t, Step step) {
    rehearsal.steps.push_back(step);
    return Fate::Happens;
  });
  Machine machine;
  rehearsal.before.emplace_back();
  for (const Operation& operation : Script()) {
    auto done = operation.run(machine);
    if (!done) throw std::runtime_error(operation.name + ": " + done.error().message);
    auto inventory = TakeInventory(vfs, disk->AfterPowerCut(Survival::Everything, 0));
    if (!inventory) throw std::runtime_error(operation.name + ": " + inventory.error().message);
    rehearsal.before.push_back(*std::move(inventory));
    vfs.Insert(disk);
  }
  machine.CloseStores();
  disk->SetFates([](std::size_t, Step) { return Fate::Happens; });
  return rehearsal;
}

Played Play(Machine& machine, std::size_t from) {
  Played played{from, {}};
  while (played.next < Script().size()) {
    played.result = Script()[played.next].run(machine);
    if (!played.result) return played;
    ++played.next;
  }
  return played;
}

}  // namespace relay::test
