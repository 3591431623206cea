#include "session/chat_split.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "session/system_line.h"
#include "session/time_stamp.h"

namespace relay {
namespace {

constexpr std::size_t kLongestSpeaker = 64;

struct Candidate {
  std::size_t at = 0;
  TimeStamp stamp;
};

// True for "Jane Doe: ..."; a colon inside a time of day names nobody.
bool OpensWithSpeaker(std::string_view text) {
  const std::string_view name = text.substr(0, kLongestSpeaker);
  const std::size_t colon = name.find(':');
  return colon != std::string_view::npos && colon > 0 && !IsDigit(name[colon - 1]);
}

bool MayOpenEntry(std::string_view text, const Candidate& candidate,
                  const SystemLines& system_lines) {
  const char before = text[candidate.at - 1];
  if (before != ' ' && before != '\t') return true;
  const std::string_view entry =
      Trim(text.substr(candidate.at + candidate.stamp.length, kLongestSpeaker + 1));
  return system_lines.Contain(entry) || OpensWithSpeaker(entry);
}

// The stamp whose colon stands here, where it is written like the first. Of "59:02 AM" only
// "9:02 AM" is a time.
std::optional<Candidate> StampAround(std::string_view text, std::size_t colon,
                                     const TimeStamp& first) {
  for (const std::size_t digits : {2u, 1u}) {
    if (colon < digits || !IsDigit(text[colon - digits])) continue;
    const std::size_t at = colon - digits;
    if (at > 0 && text[at - 1] == ':') return std::nullopt;  // the minutes of a time with seconds
    const auto stamp = ReadTimeStamp(text.substr(at));
    if (stamp && stamp->twelve_hour == first.twelve_hour) return Candidate{at, *stamp};
  }
  return std::nullopt;
}

std::vector<Candidate> FindCandidates(std::string_view text, const SystemLines& system_lines) {
  const auto first = ReadTimeStamp(text);
  if (!first) return {};
  std::vector<Candidate> candidates{{0, *first}};
  for (std::size_t colon = text.find(':', first->length); colon != std::string_view::npos;
       colon = text.find(':', colon + 1)) {
    const auto candidate = StampAround(text, colon, *first);
    if (!candidate || candidate->stamp.minute_of_day < first->minute_of_day) continue;
    if (MayOpenEntry(text, *candidate, system_lines)) candidates.push_back(*candidate);
  }
  return candidates;
}

// The longest row that does not run backwards; of several the one that ends earliest in the day.
std::vector<Candidate> LongestRow(const std::vector<Candidate>& candidates) {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> last;  // of the best row of each length, its last candidate
  std::vector<std::size_t> before(candidates.size(), kNone);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto place = std::upper_bound(
        last.begin(), last.end(), candidates[i].stamp.minute_of_day,
        [&](int minute, std::size_t k) { return minute < candidates[k].stamp.minute_of_day; });
    if (place != last.begin()) before[i] = *(place - 1);
    if (place == last.end()) {
      last.push_back(i);
    } else {
      *place = i;
    }
  }
  std::vector<Candidate> row;
  for (std::size_t i = last.empty() ? kNone : last.back(); i != kNone; i = before[i])
    row.push_back(candidates[i]);
  std::reverse(row.begin(), row.end());
  return row;
}

}  // namespace

std::vector<std::size_t> FindEntries(std::string_view text, const SystemLines& system_lines) {
  std::vector<std::size_t> entries;
  // No candidate is earlier in the day than the first, so the longest row starts with it.
  for (const Candidate& candidate : LongestRow(FindCandidates(text, system_lines))) {
    if (candidate.at > 0) entries.push_back(candidate.at);
  }
  return entries;
}

}  // namespace relay
