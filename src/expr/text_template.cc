#include "expr/text_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "expr/scan.h"

namespace relay {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

bool ContinuesCharacter(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::string Place(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::string_view same_line = before.substr(before.rfind('\n') + 1);
  const auto bytes = static_cast<std::ptrdiff_t>(same_line.size());
  const auto column =
      1 + bytes - std::count_if(same_line.begin(), same_line.end(), ContinuesCharacter);
  const bool one_line = text.find('\n') == std::string_view::npos;
  return one_line ? fmt::format("column {}", column)
                  : fmt::format("line {}, column {}", line, column);
}

Error Wrong(std::string_view text, std::size_t at, std::string_view why) {
  return {ErrorKind::BadInput, fmt::format("{}: {}", Place(text, at), why)};
}

// An expression of the configuration as a name for it: in one line, and not too long.
std::string Name(std::string_view expression) {
  constexpr std::size_t kLongest = 60;
  std::size_t end = std::min(kLongest, expression.size());
  while (end < expression.size() && ContinuesCharacter(expression[end])) --end;
  std::string name(expression.substr(0, end));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return fmt::format("{{{{ {}{} }}}}", name, end < expression.size() ? "..." : "");
}

std::string Text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Error Refused(std::string why) {
  return {ErrorKind::Permanent, std::move(why)};
}

// The bytes of a rendered text that came from one value.
struct Insertion {
  std::size_t begin;
  std::size_t end;
};

bool MakesDotSegment(std::string_view path, const Insertion& value) {
  if (value.begin > path.size()) return false;
  const std::size_t before = path.substr(0, value.begin).rfind('/');
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::string_view segment = path.substr(begin, path.find('/', value.end) - begin);
  return segment == "." || segment == "..";
}

// Values bring in no "?" or "#", so these are the template's own.
std::optional<std::size_t> FindDotSegment(std::string_view url,
                                          const std::vector<Insertion>& values) {
  const std::string_view path = url.substr(0, url.find_first_of("?#"));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (MakesDotSegment(path, values[i])) return i;
  }
  return std::nullopt;
}

}  // namespace

Result<TextTemplate> TextTemplate::Parse(std::string_view text) {
  TextTemplate parsed;
  std::size_t from = 0;
  for (std::size_t open = 0; (open = text.find(kOpen, from)) != std::string_view::npos;) {
    const std::size_t begin = open + kOpen.size();
    const Scan scan = ScanExpression(text.substr(begin), ScanUntil::DoubleBrace);
    const bool unclosed = begin + scan.end == text.size();
    if (scan.problem) return Wrong(text, unclosed ? open : begin + scan.end, *scan.problem);
    if (scan.blank) return Wrong(text, open, "{{ }} is empty");
    parsed.literals_.emplace_back(text.substr(from, open - from));
    parsed.expressions_.emplace_back(Trim(text.substr(begin, scan.end)));
    from = begin + scan.end + kClose.size();
  }
  parsed.literals_.emplace_back(text.substr(from));
  return parsed;
}

bool TextTemplate::is_one_expression() const {
  return expressions_.size() == 1 && literals_.front().empty() && literals_.back().empty();
}

Result<std::string> TextTemplate::Render(const std::vector<Json>& values,
                                         Destination destination) const {
  if (values.size() != expressions_.size()) return Refused("not one value for each expression");
  std::string text = literals_.front();
  std::vector<Insertion> insertions;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Result<std::string> escaped = Escape(values[i], destination);
    if (!escaped) return escaped.error().Context(Name(expressions_[i]));
    insertions.push_back({text.size(), text.size() + escaped->size()});
    text += *escaped;
    text += literals_[i + 1];
  }
  if (destination == Destination::Url) {
    const std::optional<std::size_t> dots = FindDotSegment(text, insertions);
    if (dots)
      return Refused(R"(makes a segment of the path "." or "..")")
          .Context(Name(expressions_[*dots]));
  }
  return text;
}

Result<std::string> Escape(const Json& value, Destination destination) {
  if (destination == Destination::Body) return value.is_null() ? std::string() : Text(value);
  if (value.is_null()) return Refused("is null");
  std::string text = Text(value);
  if (destination == Destination::Url) return PercentEncode(text);
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    return Refused("holds a line break or a NUL");
  }
  return text;
}

}  // namespace relay
