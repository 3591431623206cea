#include "session/values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace relay {
namespace {

using std::chrono::day;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::month;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

struct Digits {
  int value = 0;
  std::size_t count = 0;
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }

  bool Take(std::string_view word) {
    if (!EqualsIgnoringCase(rest_.substr(0, word.size()), word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  // One of the characters, or '\0'.
  char TakeOneOf(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return '\0';
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }

  // Some programs write a no-break space before AM and PM.
  bool TakeSpaces() {
    const std::size_t before = rest_.size();
    while (Take(" ") || Take("\xC2\xA0") || Take("\xE2\x80\xAF")) {
    }
    return rest_.size() < before;
  }

  std::optional<Digits> TakeDigits(std::size_t least, std::size_t most) {
    Digits digits;
    while (digits.count < most && digits.count < rest_.size() && IsDigit(rest_[digits.count]))
      digits.value = digits.value * 10 + (rest_[digits.count++] - '0');
    if (digits.count < least) return std::nullopt;
    rest_.remove_prefix(digits.count);
    return digits;
  }

 private:
  std::string_view rest_;
};

// YYYY-MM-DD with "-", "/" or "."; M/D/YYYY; D.M.YYYY; D-M-YYYY.
std::optional<year_month_day> TakeDate(Scanner& in) {
  const auto first = in.TakeDigits(1, 4);
  const char separator = in.TakeOneOf("-/.");
  const auto second = in.TakeDigits(1, 2);
  if (!first || separator == '\0' || !second || in.TakeOneOf("-/.") != separator)
    return std::nullopt;
  const bool year_first = first->count == 4;
  const auto third = year_first ? in.TakeDigits(1, 2) : in.TakeDigits(4, 4);
  if (!third || (!year_first && first->count > 2)) return std::nullopt;
  const bool month_second = year_first || separator != '/';
  const auto number = [](const Digits& digits) { return static_cast<unsigned>(digits.value); };
  const year_month_day date{year(year_first ? first->value : third->value),
                            month(number(month_second ? *second : *first)),
                            day(number(year_first     ? *third
                                       : month_second ? *first
                                                      : *second))};
  return date.ok() && date.year() >= year(1) ? std::optional(date) : std::nullopt;
}

// The dates that programs write for no date; Rescue is younger than all of them.
bool StandsForNone(const year_month_day& date) {
  return date <= year(1970) / 1 / 1;
}

std::optional<milliseconds> TakeFraction(Scanner& in) {
  if (!in.Take(".")) return milliseconds(0);
  const auto digits = in.TakeDigits(1, 3);
  if (!digits) return std::nullopt;
  while (in.TakeDigits(1, 1)) {  // finer than a millisecond
  }
  constexpr int kScale[] = {0, 100, 10, 1};
  return milliseconds(digits->value * kScale[digits->count]);
}

// The hour by a 12-hour clock where AM or PM follows.
std::optional<int> TakeHalfOfDay(Scanner& in, int hour) {
  Scanner ahead = in;
  ahead.TakeSpaces();
  const bool am = ahead.Take("AM");
  const bool pm = !am && ahead.Take("PM");
  if (!am && !pm) return hour;
  if (hour < 1 || hour > 12) return std::nullopt;
  in = ahead;
  return hour % 12 + (pm ? 12 : 0);
}

std::optional<milliseconds> TakeClock(Scanner& in) {
  const auto hour = in.TakeDigits(1, 2);
  if (!hour || hour->value > 23 || !in.Take(":")) return std::nullopt;
  const auto minute = in.TakeDigits(2, 2);
  if (!minute || minute->value > 59) return std::nullopt;
  milliseconds rest{0};
  if (in.Take(":")) {
    const auto second = in.TakeDigits(2, 2);
    const auto fraction = second ? TakeFraction(in) : std::nullopt;
    if (!fraction || second->value > 59) return std::nullopt;
    rest = seconds(second->value) + *fraction;
  }
  const auto hour_of_day = TakeHalfOfDay(in, hour->value);
  if (!hour_of_day) return std::nullopt;
  return hours(*hour_of_day) + minutes(minute->value) + rest;
}

// How far the clock is ahead of UTC; nothing said means not at all.
std::optional<minutes> TakeOffset(Scanner& in) {
  in.TakeSpaces();
  if (in.AtEnd() || in.Take("Z") || in.Take("UTC") || in.Take("GMT")) return minutes(0);
  const char sign = in.TakeOneOf("+-");
  const auto hour = in.TakeDigits(2, 2);
  in.Take(":");
  const auto minute = in.TakeDigits(2, 2);
  if (sign == '\0' || !hour || !minute || hour->value > 14 || minute->value > 59)
    return std::nullopt;
  const minutes offset = hours(hour->value) + minutes(minute->value);
  return sign == '-' ? -offset : offset;
}

std::optional<double> ParsePlainNumber(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || !IsDigit(digits.front()) || !IsDigit(digits.back())) return std::nullopt;
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> ParseSpan(std::string_view text) {
  Scanner in(text);
  const auto hour = in.TakeDigits(1, 7);
  if (!hour || !in.Take(":")) return std::nullopt;
  const auto minute = in.TakeDigits(2, 2);
  if (!minute || !in.Take(":")) return std::nullopt;
  const auto second = in.TakeDigits(2, 2);
  if (!second || !in.AtEnd() || minute->value > 59 || second->value > 59) return std::nullopt;
  return hour->value * 3600.0 + minute->value * 60.0 + second->value;
}

}  // namespace

std::optional<Time> ParseTime(std::string_view text) {
  Scanner in(Trim(text));
  const auto date = TakeDate(in);
  if (!date || StandsForNone(*date)) return std::nullopt;
  if (!in.TakeSpaces() && !in.Take("T")) return std::nullopt;
  const auto clock = TakeClock(in);
  const auto offset = clock ? TakeOffset(in) : std::nullopt;
  if (!offset || !in.AtEnd()) return std::nullopt;
  return Time(sys_days(*date)) + *clock - *offset;
}

bool SaysATime(std::string_view text) {
  if (std::none_of(text.begin(), text.end(), [](char c) { return c >= '1' && c <= '9'; }))
    return false;
  Scanner in(Trim(text));
  const auto date = TakeDate(in);
  return !date || !StandsForNone(*date);
}

std::optional<double> ParseNumber(std::string_view text) {
  text = Trim(text);
  const auto plain = ParsePlainNumber(text);
  return plain ? plain : ParseSpan(text);
}

}  // namespace relay
