// Keeps short-lived delivery processes from piling up: one at a time for each store. Only a
// courtesy: claims are safe without it.
#pragma once

#include <string>

namespace relay {

class OnlyOne {
 public:
  // Tries to be the one; the lock is a file beside the store and goes with the process.
  explicit OnlyOne(const std::string& store_path);
  ~OnlyOne();
  OnlyOne(const OnlyOne&) = delete;
  OnlyOne& operator=(const OnlyOne&) = delete;
  bool is_the_one() const { return held_; }

 private:
  int descriptor_ = -1;
  bool held_ = false;
};

}  // namespace relay
