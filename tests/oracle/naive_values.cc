#include <cmath>
#include <cstdlib>
#include <ctime>
#include <regex>

#include "base/text.h"
#include "oracle/naive.h"

namespace relay::test {
namespace {

int Number(const std::ssub_match& match) {
  return match.matched ? std::stoi(match.str()) : 0;
}

// The seconds since 1970 where there is such a day.
std::optional<std::time_t> Midnight(int year, int month, int day) {
  std::tm date{};
  date.tm_year = year - 1900;
  date.tm_mon = month - 1;
  date.tm_mday = day;
  const std::time_t seconds = timegm(&date);
  const bool exists = date.tm_mon == month - 1 && date.tm_mday == day;
  return exists && year > 0 && seconds > 0 ? std::optional(seconds) : std::nullopt;
}

std::optional<std::time_t> DateOf(const std::string& text) {
  static const std::regex kYearFirst(R"((\d{4})([-/.])(\d{1,2})\2(\d{1,2}))");
  static const std::regex kYearLast(R"((\d{1,2})([-/.])(\d{1,2})\2(\d{4}))");
  std::smatch m;
  if (std::regex_match(text, m, kYearFirst))
    return Midnight(Number(m[1]), Number(m[3]), Number(m[4]));
  if (!std::regex_match(text, m, kYearLast)) return std::nullopt;
  if (m[2] == "/") return Midnight(Number(m[4]), Number(m[1]), Number(m[3]));
  return Midnight(Number(m[4]), Number(m[3]), Number(m[1]));
}

std::optional<int> HourOf(int hour, const std::string& half) {
  if (half.empty()) return hour <= 23 ? std::optional(hour) : std::nullopt;
  if (hour < 1 || hour > 12) return std::nullopt;
  return hour % 12 + (EqualsIgnoringCase(half, "PM") ? 12 : 0);
}

}  // namespace

std::optional<Time> NaiveTime(const std::string& text) {
  static const std::regex kTime(
      R"(([0-9./-]+)(?: +|T)(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?(?: *(AM|PM))?)"
      R"( *(?:Z|UTC|GMT|([+-])(\d\d):?(\d\d))?)",
      std::regex::icase);
  std::smatch m;
  const std::string trimmed(Trim(text));
  if (!std::regex_match(trimmed, m, kTime)) return std::nullopt;
  const auto day = DateOf(m[1]);
  const auto hour = HourOf(Number(m[2]), m[6]);
  const bool fits =
      Number(m[3]) < 60 && Number(m[4]) < 60 && Number(m[8]) < 15 && Number(m[9]) < 60;
  // 1970-01-01 says that there is no time.
  if (!day || *day < 86'400 || !hour || !fits) return std::nullopt;
  const int ahead = (Number(m[8]) * 60 + Number(m[9])) * (m[7] == "-" ? -60 : 60);
  const std::time_t seconds = *day + *hour * 3600 + Number(m[3]) * 60 + Number(m[4]) - ahead;
  const std::string milliseconds = (m[5].str() + "000").substr(0, 3);
  return Time(std::chrono::seconds(seconds) + std::chrono::milliseconds(std::stoi(milliseconds)));
}

std::optional<double> NaiveNumber(const std::string& text) {
  static const std::regex kPlain(R"(-?\d+(\.\d+)?)");
  static const std::regex kSpan(R"((\d{1,7}):([0-5]\d):([0-5]\d))");
  const std::string trimmed(Trim(text));
  std::smatch m;
  if (std::regex_match(trimmed, m, kSpan))
    return Number(m[1]) * 3600.0 + Number(m[2]) * 60.0 + Number(m[3]);
  if (!std::regex_match(trimmed, kPlain)) return std::nullopt;
  const double number = std::strtod(trimmed.c_str(), nullptr);
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

}  // namespace relay::test
