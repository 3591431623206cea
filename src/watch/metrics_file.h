// The file that the textfile collector of node_exporter reads.
//
// Any number of processes may write one and the same: a reader finds one of them whole, as old as
// its last change at most. A crash leaves the file as it was.
#pragma once

#include <string>

#include "base/result.h"

namespace relay {

// Temporary where it cannot be written.
Result<void> WriteMetricsFile(const std::string& path, const std::string& text);

}  // namespace relay
