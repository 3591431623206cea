#include "session/chat.h"

#include <algorithm>

#include "base/eight_bytes.h"
#include "base/text.h"
#include "session/chat_split.h"
#include "session/system_line.h"
#include "session/time_stamp.h"

namespace relay {
namespace {

constexpr std::size_t kMostEntries = 100'000;

// The length of "<br>", "<br/>" or "<br />" at the start of the text, or 0.
std::size_t BreakTagLength(std::string_view text) {
  if (!EqualsIgnoringCase(text.substr(0, 3), "<br")) return 0;
  std::size_t at = 3;
  while (at < text.size() && text[at] == ' ') ++at;
  if (at < text.size() && text[at] == '/') ++at;
  return at < text.size() && text[at] == '>' ? at + 1 : 0;
}

std::size_t LineBreakLength(std::string_view text) {
  if (text.starts_with("\r\n")) return 2;
  return text.starts_with('\r') || text.starts_with('\n') ? 1 : 0;
}

std::string WithPlainLineBreaks(std::string_view text) {
  std::string plain;
  plain.reserve(text.size() + 1);
  while (!text.empty()) {
    const std::size_t run = FindAnyOf<'\r', '\n', '<'>(text);
    plain += text.substr(0, run);
    text.remove_prefix(run);
    if (text.empty()) break;
    // A tag and the line break after it are one break.
    const std::size_t tag = BreakTagLength(text);
    const std::size_t length = tag + LineBreakLength(text.substr(tag));
    plain += length > 0 ? '\n' : text.front();
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return plain;
}

// The spaces before an entry stand for the line break that is missing.
void AppendLine(std::string_view line, std::string& lines) {
  lines += line.substr(0, line.find_last_not_of(" \t") + 1);
  lines += '\n';
}

std::string SplitIntoLines(std::string_view text, const SystemLines& system_lines) {
  std::string lines;
  std::size_t start = 0;
  for (const std::size_t entry : FindEntries(text, system_lines)) {
    AppendLine(text.substr(start, entry - start), lines);
    start = entry;
  }
  AppendLine(text.substr(start), lines);
  return lines;
}

ChatEntry ReadEntry(std::string_view line, std::size_t stamp, const SystemLines& system_lines) {
  std::string_view text = line.substr(stamp);
  if (stamp > 0) text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return {std::string(line.substr(0, stamp)), std::string(text), system_lines.Contain(text)};
}

void AddLine(std::string_view line, const SystemLines& system_lines,
             std::vector<ChatEntry>& entries) {
  const bool full = entries.size() == kMostEntries;
  const auto stamp = full ? std::nullopt : ReadTimeStamp(line);
  if (stamp) {
    entries.push_back(ReadEntry(line, stamp->length, system_lines));
  } else if (full || (!entries.empty() && !entries.back().time.empty())) {
    entries.back().text.append("\n").append(line);
  } else if (!line.empty()) {
    entries.push_back(ReadEntry(line, 0, system_lines));
  }
}

}  // namespace

std::string NormaliseChat(std::string_view chatlog, const SystemLines& system_lines) {
  std::string text = WithPlainLineBreaks(chatlog);
  if (Trim(text).empty()) return {};
  if (text.find('\n') == std::string::npos) return SplitIntoLines(text, system_lines);
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

std::vector<ChatEntry> ParseChat(std::string_view transcript, const SystemLines& system_lines) {
  std::vector<ChatEntry> entries;
  while (!transcript.empty()) {
    const std::string_view line = transcript.substr(0, transcript.find('\n'));
    AddLine(line, system_lines, entries);
    transcript.remove_prefix(std::min(line.size() + 1, transcript.size()));
  }
  return entries;
}

}  // namespace relay
