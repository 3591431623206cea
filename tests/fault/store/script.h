// A run of the product over a store, operation by operation: a receiver that accepts, a worker that
// delivers, an operator who intervenes. Every run makes the same calls at the same times, so that
// the same things have the same IDs.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace relay::test {

// What runs on a machine: two processes, each with its own store.
struct Machine {
  std::unique_ptr<Store> receiver;
  std::unique_ptr<Store> worker;
  std::string store_id;  // what they know of the store; empty until it was opened

  void CloseStores() {
    receiver.reset();
    worker.reset();
  }
};

// Nowhere in the real file system.
inline constexpr const char* kStorePath = "/forgetful/relay.db";

Result<void> OpenStores(Machine& machine);  // those that are not open

// Ok when the call was acknowledged as it should be. Otherwise it may be repeated.
struct Operation {
  std::string name;
  // Whoever asked for it and got no answer asks again, and is to be told that it is done. Others
  // look first.
  bool asked_again = false;
  std::function<Result<void>(Machine&)> run;
};

const std::vector<Operation>& Script();

}  // namespace relay::test
