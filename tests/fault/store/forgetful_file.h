// One file of a disk that forgets: what processes see of it, and what may be left of it after a
// power cut. Belongs to one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace relay::test {

using Random = std::minstd_rand;

// What a power cut leaves of the changes that were not synced.
enum class Survival {
  Nothing,
  Everything,  // also what a killed process leaves
  InOrder,     // the first of them; the last of those is torn
  Scattered,   // any sectors of any of them, whatever their order
  Junk,        // the same, and new space whose bytes did not arrive holds garbage
};

class ForgetfulFile {
 public:
  // A disk writes a sector wholly or not at all, and touches no bytes beside it: what SQLite's own
  // VFS claims of disks ("powersafe overwrite"), at the smallest size that is sold.
  static constexpr std::size_t kSector = 512;

  ForgetfulFile() = default;
  explicit ForgetfulFile(std::string synced) : seen_(synced), synced_(std::move(synced)) {}

  const std::string& seen() const { return seen_; }

  void Write(std::size_t offset, std::string_view bytes);
  void Truncate(std::size_t size);
  void Sync();

  // What a kernel may do when a sync fails: it takes the changes for written. Processes go on
  // seeing them, and no later sync brings them to the disk.
  void ForgetUnsynced() { unsynced_.clear(); }

  std::string AfterPowerCut(Survival survival, Random& random) const;

 private:
  struct Change {
    std::size_t offset = 0;
    std::optional<std::string> bytes;  // absent: the file was cut off at the offset
  };

  static void Apply(const Change& change, std::string& content);
  std::string FirstChanges(Random& random) const;
  std::string AnyChanges(Survival survival, Random& random) const;

  std::string seen_;
  std::string synced_;
  std::vector<Change> unsynced_;
};

}  // namespace relay::test
