// Messages for operators, one line each, on a file descriptor. Any thread may log.
//
// Under systemd (JOURNAL_STREAM is set) lines begin with their priority as sd-daemon(3) describes;
// elsewhere with the time. Messages hold IDs and sizes, never posted values or secrets.
#pragma once

#include <string_view>

namespace relay {

class Log {
 public:
  enum class Level { Error = 3, Warning = 4, Info = 6 };
  enum class Style { Plain, Journal };

  // To stderr, in the style its reader understands.
  Log();
  Log(int descriptor, Style style) : descriptor_(descriptor), style_(style) {}

  void Error(std::string_view message) const { Write(Level::Error, message); }
  void Warning(std::string_view message) const { Write(Level::Warning, message); }
  void Info(std::string_view message) const { Write(Level::Info, message); }

 private:
  void Write(Level level, std::string_view message) const;
  int descriptor_;
  Style style_;
};

}  // namespace relay
