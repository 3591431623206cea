// Sees a child through to its end: takes what it writes, and ends it when its time is up.
#pragma once

#include <optional>
#include <string>

#include "action/child.h"
#include "action/patience.h"

namespace relay {

struct ChildEnding {
  enum class Why { ByItself, TimeIsUp, Stopped };
  Why why = Why::ByItself;
  std::optional<ChildStatus> status;  // absent where it could not be collected
  std::string output;                 // the first 64 KiB
};

// Blocks until the time is up and some 3 s at most, and less than 1 s once the program stops. A
// program that ends by itself may leave others behind that hold its output: those are not waited
// for, and go on. One that is ended is asked first, and then all of its group is killed.
ChildEnding SeeThrough(Child child, const Patience& patience);

}  // namespace relay
