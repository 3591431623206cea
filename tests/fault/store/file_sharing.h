// How the connections of one process share a database file: SQLite's file locks and the memory of
// its WAL index. Neither outlives a process, so neither is on the disk. Belongs to one thread;
// never waits.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace relay::test {

// Whoever asks for a lock is known by an address of its own.
using Holder = const void*;

// The five levels of https://www.sqlite.org/lockingv3.html; false where another one is in the way.
class FileLocks {
 public:
  bool Raise(Holder holder, int level);
  void Lower(Holder holder, int level);
  bool IsReserved() const;

 private:
  int HighestOfOthers(Holder holder) const;
  std::map<Holder, int> levels_;
};

// The regions and the eight lock slots of https://www.sqlite.org/walformat.html.
class SharedMemory {
 public:
  // Null where the region is not there. A new one is all zero.
  void* Find(std::size_t region) const;
  void* FindOrMake(std::size_t region, std::size_t size);

  void Join(Holder holder) { slots_[holder]; }
  void Leave(Holder holder);  // the last one leaves nothing behind

  // `slots` has a bit for each slot.
  bool LockShared(Holder holder, std::uint8_t slots);
  bool LockExclusive(Holder holder, std::uint8_t slots);
  void Unlock(Holder holder, std::uint8_t slots);

 private:
  struct Slots {
    std::uint8_t shared = 0;
    std::uint8_t exclusive = 0;
  };

  Slots HeldByOthers(Holder holder) const;

  std::vector<std::unique_ptr<char[]>> regions_;
  std::map<Holder, Slots> slots_;
};

}  // namespace relay::test
