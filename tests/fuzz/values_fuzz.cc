// Any text as a time and as a number, compared with what regular expressions say.
#include <cmath>

#include "fuzz/require.h"
#include "oracle/naive.h"
#include "session/document.h"
#include "session/time_stamp.h"
#include "session/values.h"

namespace relay::test {
namespace {

constexpr std::size_t kShort = 200;  // std::regex recurses

void CheckTime(const std::string& text) {
  const auto time = ParseTime(text);
  if (time) Require(SaysATime(text), "a time that can be read is one");
  const bool ascii = text.find_first_of("\xC2\xE2") == std::string::npos;  // no-break spaces
  if (ascii) Require(time == NaiveTime(text), "a time is what a regular expression says");
  if (!time) return;
  const auto again = ParseTime(FormatTime(*time));
  Require(!again || *again == std::chrono::floor<std::chrono::seconds>(*time),
          "a time that is written is read as the same");
}

void CheckNumber(const std::string& text) {
  const auto number = ParseNumber(text);
  Require(number == NaiveNumber(text), "a number is what a regular expression says");
  const Json document = BuildDocument({}, Fields(FieldList{{"WorkTime", text}}), {}, "", {});
  Require(document.at("WorkTime").is_null() == !number, "a document holds the number");
  Require(!number || std::isfinite(*number), "a number is finite");
}

void CheckStamp(const std::string& text) {
  const auto stamp = ReadTimeStamp(text);
  if (!stamp) return;
  Require(stamp->length <= text.size(), "a stamp ends within the text");
  Require(stamp->minute_of_day >= 0 && stamp->minute_of_day < 24 * 60, "a stamp is in a day");
}

}  // namespace
}  // namespace relay::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > relay::test::kShort) return 0;
  const std::string text = relay::test::InputText(data, size);
  relay::test::CheckStamp(text);
  if (!relay::test::NaiveIsUtf8(text) || text.find('\0') != std::string::npos) return 0;
  relay::test::CheckTime(text);
  relay::test::CheckNumber(text);
  return 0;
}
