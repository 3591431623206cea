// One line of what doctor says.
#pragma once

#include <string>

#include "cli/listing.h"

namespace relay {

enum class Status { Ok, Warning, Error };

struct Finding {
  Status status = Status::Ok;
  std::string detail;
};

void AddFinding(Listing& listing, const char* check, const Finding& finding);

}  // namespace relay
