#include "base/log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "base/time.h"

namespace relay {
namespace {

std::string_view Word(Log::Level level) {
  switch (level) {
    case Log::Level::Error:
      return "error: ";
    case Log::Level::Warning:
      return "warning: ";
    case Log::Level::Info:
      return "";
  }
  return "";
}

}  // namespace

Log::Log()
    : Log(STDERR_FILENO,
          std::getenv("JOURNAL_STREAM") != nullptr  // NOLINT(concurrency-mt-unsafe): nobody writes
              ? Style::Journal
              : Style::Plain) {}

void Log::Write(Level level, std::string_view message) const {
  std::string line =
      style_ == Style::Journal
          ? fmt::format("<{}>{}", static_cast<int>(level), message)
          : fmt::format("{} {}{}", FormatTime(SystemClock().Now()), Word(level), message);
  // A control character in a message must not forge a second line.
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  line += '\n';
  // One write, so that lines of several threads and processes do not mix. Where nobody can read the
  // log there is nobody to tell.
  static_cast<void>(!write(descriptor_, line.data(), line.size()));
}

}  // namespace relay
