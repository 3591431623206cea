// Messages for operators, one line each, on a file descriptor. Any thread may log.
//
// A line is logfmt, key=value with quotes where a value needs them:
//   time=2026-02-16T09:53:44Z level=info msg="post stored" post_id=4711 bytes=4400
// Under systemd (JOURNAL_STREAM is set) it begins with its priority as sd-daemon(3) describes,
// instead of time and level. Messages hold IDs and sizes, never posted values or secrets.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace relay {

// One key of a line. One with an empty value is left out.
struct LogField {
  LogField(const char* field_key, std::string field_value)
      : key(field_key), value(std::move(field_value)) {}
  LogField(const char* field_key, std::integral auto number)
      : LogField(field_key, std::to_string(number)) {}

  const char* key;
  std::string value;
};
using LogFields = std::vector<LogField>;

class Log {
 public:
  enum class Level { Error = 3, Warning = 4, Info = 6 };
  enum class Style { Plain, Journal };

  // To stderr, in the style its reader understands.
  Log();
  Log(int descriptor, Style style) : descriptor_(descriptor), style_(style) {}

  void Error(std::string_view message, const LogFields& fields = {}) const;
  void Warning(std::string_view message, const LogFields& fields = {}) const;
  void Info(std::string_view message, const LogFields& fields = {}) const;

 private:
  friend class LogBatch;
  std::string Line(Level level, std::string_view message, const LogFields& fields) const;
  void Write(std::string_view lines) const;

  int descriptor_;
  Style style_;
};

// Lines that are written together when it ends. Belongs to one thread; `log` must outlive it.
class LogBatch {
 public:
  explicit LogBatch(const Log& log) : log_(log) {}
  LogBatch(const LogBatch&) = delete;
  LogBatch& operator=(const LogBatch&) = delete;
  ~LogBatch() { log_.Write(lines_); }

  void Add(Log::Level level, std::string_view message, const LogFields& fields = {}) {
    lines_ += log_.Line(level, message, fields);
  }

 private:
  const Log& log_;
  std::string lines_;
};

}  // namespace relay
