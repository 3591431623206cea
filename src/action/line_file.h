// A file that several threads and processes append whole lines to.
//
// AppendLine() returns ok when the line is synced, and so is the file's name in its folder. It
// waits for others by flock() on the file itself, which a program that reads may take, too. A file
// that is renamed or removed meanwhile, as logrotate does, is left alone and opened anew by its
// name.
//
// A crash leaves part of a line at most, which the next AppendLine() cuts off: it was not
// acknowledged, and will be repeated. Belongs to one thread.
#pragma once

#include <sys/types.h>

#include <string>

#include "action/patience.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace relay {

struct LineFile {
  std::string path;
  std::string fixed_folder;  // the folders of the path behind this one are made, with mode 0750
  unsigned mode = 0640;      // of a file that is made
  std::string header;        // begins a file that is empty; may be empty
  Result<off_t> (*end_of_whole_lines)(int file, off_t size) = nullptr;
};

// Permanent where there can be no file of that name, otherwise Temporary: somebody can mend it.
// Messages name what was being done and what the system said, and no path, since that may hold
// posted values. What had been written of the line is taken back.
Result<void> AppendLine(const LineFile& target, const std::string& line, const Patience& patience);

}  // namespace relay
