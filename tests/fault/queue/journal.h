// What the processes of a run write down as it happens, each into a file of its own.
//
// A record is one write(), so what was written before a SIGKILL is there to be read afterwards.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "model/delivery.h"
#include "support/unique_fd.h"

namespace relay::test {

enum class Moment : std::uint8_t {
  Begun,     // the claim was given, the other side is about to see the attempt
  Ended,     // the other side has answered, the store is about to be told
  Recorded,  // the store has kept the end
  Lost,      // the store has not: the claim was somebody else's by then
};

struct Record {
  Moment moment = Moment::Begun;
  DeliveryState end = DeliveryState::Due;  // of Ended: Due, Done or Dead
  int attempt = 0;
  DeliveryId delivery;
  Time at{};
  Time claimed_at{};  // of Begun: the time the claim was asked for with
  Time until{};       // of Begun: the end of the lease; of Ended: the next try
};

// Any thread may write.
class Journal {
 public:
  // Continues the file where there is one.
  explicit Journal(const std::filesystem::path& file);
  void Write(const Record& record) const;

 private:
  UniqueFd file_;
};

// What was written, without a last record that is not whole.
std::vector<Record> ReadJournal(const std::filesystem::path& file);

}  // namespace relay::test
