// Counts what is missing, spurious or corrupted in one store after another.
#pragma once

#include <cstddef>
#include <string>

#include "fault/store/rehearsal.h"

namespace relay::test {

class Tally {
 public:
  explicit Tally(const Rehearsal& rehearsal) : rehearsal_(&rehearsal) {}

  // What the store called itself when it was opened; empty as long as it was not.
  void ExpectIdentity(const std::string& store_id) { identity_ = store_id; }

  // The store must hold just what it does before the first of these operations, or else before the
  // last. Returns before which of them it is.
  std::size_t CheckOneOf(const Result<Inventory>& found, std::size_t first, std::size_t last,
                         const std::string& where);

  std::size_t checked() const { return checked_; }
  bool clean() const { return differences_.count() + unreadable_ == 0; }
  const Difference& differences() const { return differences_; }

  // "missing 0, spurious 0, corrupted 0, unreadable 0", and where the first ones were.
  std::string Summary() const;

 private:
  Inventory Promised(std::size_t operation) const;
  void Note(const std::string& text);

  const Rehearsal* rehearsal_;
  std::string identity_;
  std::size_t checked_ = 0;
  std::size_t unreadable_ = 0;
  Difference differences_;
};

}  // namespace relay::test
