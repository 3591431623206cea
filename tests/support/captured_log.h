// A log whose lines a test can read.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <sstream>
#include <string>
#include <vector>

#include "base/log.h"
#include "support/unique_fd.h"

namespace relay::test {

class CapturedLog {
 public:
  const Log& log() const { return log_; }

  // All so far, each after its priority.
  std::vector<std::string> lines() const {
    std::string text(static_cast<size_t>(lseek(file_.get(), 0, SEEK_END)), '\0');
    const auto got = pread(file_.get(), text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<size_t>(got) : 0);
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }

 private:
  UniqueFd file_{memfd_create("log", MFD_CLOEXEC)};
  Log log_{file_.get(), Log::Style::Journal};
};

}  // namespace relay::test
