#include "base/log.h"

#include <fmt/format.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/time.h"

namespace relay {
namespace {

std::string_view Word(Log::Level level) {
  switch (level) {
    case Log::Level::Error:
      return "error";
    case Log::Level::Warning:
      return "warning";
    case Log::Level::Info:
      return "info";
  }
  return "";
}

bool NeedsQuotes(std::string_view value) {
  return std::ranges::any_of(value, [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == '=' || c == '"' || c == '\\';
  });
}

void Append(std::string& line, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  if (!line.empty() && line.back() != '>') line += ' ';
  line += key;
  line += '=';
  if (!NeedsQuotes(value)) {
    line += value;
    return;
  }
  line += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') line += '\\';
    // A control character must not forge a second line.
    line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  line += '"';
}

}  // namespace

Log::Log()
    : Log(STDERR_FILENO,
          std::getenv("JOURNAL_STREAM") != nullptr  // NOLINT(concurrency-mt-unsafe): nobody writes
              ? Style::Journal
              : Style::Plain) {}

void Log::Error(std::string_view message, const LogFields& fields) const {
  Write(Line(Level::Error, message, fields));
}

void Log::Warning(std::string_view message, const LogFields& fields) const {
  Write(Line(Level::Warning, message, fields));
}

void Log::Info(std::string_view message, const LogFields& fields) const {
  Write(Line(Level::Info, message, fields));
}

std::string Log::Line(Level level, std::string_view message, const LogFields& fields) const {
  std::string line;
  if (style_ == Style::Journal) {
    line = fmt::format("<{}>", static_cast<int>(level));
  } else {
    Append(line, "time", FormatTime(SystemClock().Now()));
    Append(line, "level", Word(level));
  }
  Append(line, "msg", message);
  for (const LogField& field : fields) Append(line, field.key, field.value);
  line += '\n';
  return line;
}

void Log::Write(std::string_view lines) const {
  while (!lines.empty()) {
    // Whole lines, and no more than a pipe takes at once: those of several threads and processes do
    // not mix.
    std::size_t size = lines.size();
    if (size > PIPE_BUF) {
      const auto fits = lines.rfind('\n', PIPE_BUF - 1);
      size = (fits == std::string_view::npos ? lines.find('\n') : fits) + 1;
    }
    // Where nobody can read the log there is nobody to tell.
    static_cast<void>(!write(descriptor_, lines.data(), size));
    lines.remove_prefix(size);
  }
}

}  // namespace relay
