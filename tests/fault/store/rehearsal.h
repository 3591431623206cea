// The script on a disk without faults: what every disturbed run is compared with.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "fault/store/forgetful_vfs.h"
#include "fault/store/inventory.h"
#include "fault/store/script.h"

namespace relay::test {

struct Rehearsal {
  std::vector<Inventory> before;  // each operation; one more: after the last
  std::vector<Step> steps;
};

// Throws where an operation fails.
Rehearsal Rehearse(ForgetfulVfs& vfs);

// An empty disk, ready for a run of the script.
std::shared_ptr<ForgetfulDisk> InsertEmptyDisk(ForgetfulVfs& vfs);

// Runs the script from an operation to its end, or to the first one that fails.
struct Played {
  std::size_t next = 0;  // the operation that failed
  Result<void> result;
};
Played Play(Machine& machine, std::size_t from);

// What a machine finds on this disk when it opens the store. The disk stays inserted.
Result<Inventory> TakeInventory(ForgetfulVfs& vfs, std::shared_ptr<ForgetfulDisk> disk);

}  // namespace relay::test
