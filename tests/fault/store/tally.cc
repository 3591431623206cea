#include "fault/store/tally.h"

#include <fmt/format.h>

namespace relay::test {
namespace {

constexpr std::size_t kNotesToKeep = 2000;

}  // namespace

std::size_t Tally::CheckOneOf(const Result<Inventory>& found, std::size_t first, std::size_t last,
                              const std::string& where) {
  ++checked_;
  if (!found) {
    ++unreadable_;
    Note(where + ": " + found.error().message);
    return first;
  }
  Inventory there = *found;
  if (identity_.empty()) there.erase("store");
  if (Compare(Promised(last), there).count() == 0) return last;
  const Difference difference = Compare(Promised(first), there);
  differences_.missing += difference.missing;
  differences_.spurious += difference.spurious;
  differences_.corrupted += difference.corrupted;
  if (difference.count() != 0) Note(where + ": " + difference.names);
  return first;
}

Inventory Tally::Promised(std::size_t operation) const {
  Inventory promised = rehearsal_->before[operation];
  promised.erase("store");
  if (!identity_.empty()) promised["store"] = identity_;
  return promised;
}

void Tally::Note(const std::string& text) {
  if (differences_.names.size() < kNotesToKeep) differences_.names += "\n  " + text;
}

std::string Tally::Summary() const {
  return fmt::format("missing {}, spurious {}, corrupted {}, unreadable {}{}", differences_.missing,
                     differences_.spurious, differences_.corrupted, unreadable_,
                     differences_.names);
}

}  // namespace relay::test
