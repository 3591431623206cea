// The command line client of a database, in the middle of a transaction until it is destroyed.
#pragma once

#include <string>

#include "support/process.h"

namespace relay::test {

class HeldClient {
 public:
  // Returns when the client has printed "held", which the script has it do. Throws when it ends
  // before.
  HeldClient(ProcessOptions client, const std::string& script);

 private:
  UniqueFd input_;  // open: the client waits for more
  Process client_;
};

}  // namespace relay::test
