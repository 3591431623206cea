#include "decode/multipart_split.h"

#include <algorithm>

#include "base/text.h"
#include "decode/header_parameter.h"

namespace relay {
namespace {

constexpr std::size_t kLongestBoundary = 256;  // RFC 2046 allows 70
constexpr std::size_t kLongestHeaders = 8192;

Error Bad(std::string why) {
  return {ErrorKind::BadInput, std::move(why)};
}

std::string_view TakeLine(std::string_view& rest) {
  std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// A line that divides the body.
struct Divider {
  std::size_t begin = 0;
  std::size_t end = 0;  // behind its line break
  bool last = false;
};

// The lines that begin with "--" and the boundary. Only the first character of what is searched for
// is a line break, so no byte is compared twice, however often a boundary almost occurs.
class Dividers {
 public:
  Dividers(std::string_view body, std::string_view boundary)
      : body_(body), needle_("\n--" + std::string(boundary)) {}

  std::optional<Divider> Next() {
    while (const auto at = Find()) {
      const std::size_t after = *at + needle_.size() - 1;
      at_ = after;
      if (const auto divider = ReadLine(*at, after)) return divider;
    }
    return std::nullopt;
  }

 private:
  // Where a line begins like a divider.
  std::optional<std::size_t> Find() {
    if (at_ == 0 && body_.starts_with(std::string_view(needle_).substr(1))) return 0;
    const std::size_t at = body_.find(needle_, at_ > 0 ? at_ - 1 : 0);
    return at == std::string_view::npos ? std::nullopt : std::optional(at + 1);
  }

  // White space may follow the boundary; anything else makes it another line.
  std::optional<Divider> ReadLine(std::size_t begin, std::size_t after) {
    if (body_.substr(after).starts_with("--")) return Divider{begin, after + 2, true};
    const std::size_t end = body_.find_first_not_of(" \t\r", after);
    if (end == std::string_view::npos || body_[end] != '\n') return std::nullopt;
    at_ = end + 1;
    return Divider{begin, end + 1, false};
  }

  std::string_view body_;
  std::string needle_;
  std::size_t at_ = 0;
};

std::string_view WithoutLastLineBreak(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

Result<Part> ReadPart(std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t length = text.size() - rest.size();
    if (length > kLongestHeaders)
      return Bad("has a part with headers of more than " + std::to_string(kLongestHeaders) +
                 " bytes");
    if (TakeLine(rest).empty()) return Part{text.substr(0, length), WithoutLastLineBreak(rest)};
  }
  return Bad("has a part without an empty line after its headers");
}

void AddBeside(std::string_view text, std::vector<Part>& parts) {
  if (!Trim(text).empty()) parts.push_back({{}, text});
}

bool IsPartHeader(std::string_view line) {
  return EqualsIgnoringCase(line.substr(0, 8), "content-");
}

// A boundary is not ended by white space, but its line may be.
std::string_view WithoutSpaceAtEnd(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

std::optional<std::string> BoundaryOfFirstLine(std::string_view body) {
  body.remove_prefix(std::min(body.find_first_not_of("\r\n"), body.size()));
  const std::string_view line = WithoutSpaceAtEnd(TakeLine(body));
  if (line.size() < 3 || !line.starts_with("--") || !IsPartHeader(body)) return std::nullopt;
  return std::string(line.substr(2));
}

}  // namespace

std::optional<std::string> FindBoundary(std::string_view body, std::string_view content_type) {
  const auto named = HeaderParameter(content_type, "boundary");
  if (named && !named->empty() && Dividers(body, *named).Next()) return named;
  return BoundaryOfFirstLine(body);
}

Result<std::vector<Part>> SplitParts(std::string_view body, std::string_view boundary,
                                     std::size_t most) {
  if (boundary.size() > kLongestBoundary)
    return Bad("has a boundary of more than " + std::to_string(kLongestBoundary) + " bytes");
  std::vector<Part> parts;
  Dividers dividers(body, boundary);
  auto divider = dividers.Next();
  AddBeside(body.substr(0, divider ? divider->begin : body.size()), parts);
  while (divider && !divider->last) {
    const auto next = dividers.Next();
    if (!next) break;
    const Result<Part> part = ReadPart(body.substr(divider->end, next->begin - divider->end));
    if (!part) return part.error();
    if (parts.size() >= most) return Bad("has more than " + std::to_string(most) + " parts");
    parts.push_back(*part);
    divider = next;
  }
  if (!divider || !divider->last) return Bad("ends without its closing boundary");
  AddBeside(body.substr(divider->end), parts);
  return parts;
}

}  // namespace relay
