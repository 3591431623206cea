// All that a store holds, so that what was promised can be compared with what is there.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "base/result.h"
#include "store/store.h"

namespace relay::test {

// Each thing under a name of its own, such as "post 3", with every value it has.
using Inventory = std::map<std::string, std::string>;

// Reads through the store, changing nothing.
Result<Inventory> TakeInventory(Store& store);

// The same of a store that is opened for it, and what SQLite's own check of the file says.
Result<Inventory> TakeInventory(const std::string& path);

struct Difference {
  std::size_t missing = 0;    // promised, but not there
  std::size_t spurious = 0;   // there, but never asked for
  std::size_t corrupted = 0;  // there, but not as it was given
  std::string names;          // of what differs

  std::size_t count() const { return missing + spurious + corrupted; }
};

Difference Compare(const Inventory& promised, const Inventory& found);

}  // namespace relay::test
