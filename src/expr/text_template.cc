#include "expr/text_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
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

// "$token.instance_url": named by the operator's own servers or files.
bool NamesABase(std::string_view expression) {
  for (const std::string_view variable : {"$token.", "$secret."}) {
    if (!expression.starts_with(variable)) continue;
    const std::string_view name = expression.substr(variable.size());
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
    });
  }
  return false;
}

// Scheme, host and perhaps a path; no user, query or fragment.
Result<std::string> EscapeBase(const Json& value) {
  if (value.is_null()) return Refused("is null");
  const std::string url = Text(value);
  const auto scheme = url.find("://");
  const std::string_view name = std::string_view(url).substr(0, std::min(scheme, url.size()));
  const auto is_allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("-._~:/[]%").find(c) != std::string_view::npos;
  };
  if ((name != "https" && name != "http") || !std::all_of(url.begin(), url.end(), is_allowed)) {
    return Refused("is not the beginning of a URL");
  }
  return url;
}

std::string WithReferences(std::string_view text, std::string_view line_break) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      case '\n':
        escaped += line_break;
        break;
      default:
        escaped += text[i];
    }
  }
  return escaped;
}

// Control characters are forbidden in XML 1.0 and mean nothing in HTML; CR LF is one line break.
std::string WithoutControls(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= ' ' || c == '\t' || c == '\n') kept += c;
  }
  return kept;
}

std::string EscapePath(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool hidden = c == '.' && escaped.empty();
    if (byte < ' ' || byte == 0x7F || c == '/' || c == '%' || hidden) {
      escaped += fmt::format("%{:02X}", byte);
    } else {
      escaped += c;
    }
  }
  return escaped;
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
    const bool is_base =
        destination == Destination::Url && text.empty() && NamesABase(expressions_[i]);
    const Result<std::string> escaped =
        is_base ? EscapeBase(values[i]) : Escape(values[i], destination);
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
  const bool may_be_absent = destination == Destination::Body || destination == Destination::Html ||
                             destination == Destination::Xml;
  if (value.is_null()) return may_be_absent ? Result<std::string>("") : Refused("is null");
  std::string text = Text(value);
  const auto holds = [&](std::string_view any) { return text.find_first_of(any) != text.npos; };
  switch (destination) {
    case Destination::Url:
      return PercentEncode(text);
    case Destination::Header:
      if (holds({"\r\n\0", 3})) return Refused("holds a line break or a NUL");
      return text;
    case Destination::Argument:
      if (holds({"\0", 1})) return Refused("holds a NUL");
      return text;
    case Destination::Path:
      return EscapePath(text);
    case Destination::Html:
      return WithReferences(WithoutControls(text), "<br>\n");
    case Destination::Xml:
      return WithReferences(WithoutControls(text), "\n");
    case Destination::Body:
      break;
  }
  return text;
}

}  // namespace relay
