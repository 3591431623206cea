#include <regex>

#include "base/text.h"
#include "oracle/naive.h"

namespace relay::test {
namespace {

std::vector<std::string> SplitAt(const std::string& text, const std::string& word) {
  std::vector<std::string> pieces;
  std::size_t start = 0;
  for (std::size_t at; (at = text.find(word, start)) != std::string::npos; start = at + word.size())
    pieces.push_back(text.substr(start, at - start));
  pieces.push_back(text.substr(start));
  return pieces;
}

}  // namespace

std::optional<FieldList> NaiveMultipart(const std::string& body, const std::string& boundary) {
  // Where a line break is not CRLF, or a boundary only begins another line, others may judge.
  if (std::regex_search(body, std::regex("[^\r]\n--" + boundary)) || !NaiveIsUtf8(body))
    return std::nullopt;
  const std::vector<std::string> pieces = SplitAt("\r\n" + body, "\r\n--" + boundary);
  const std::string& last = pieces.back();
  if (pieces.size() < 2 || !pieces.front().empty() || !last.starts_with("--") ||
      !Trim(last.substr(2)).empty())
    return std::nullopt;
  static const std::string kHead = "\r\nContent-Disposition: form-data; name=\"";
  FieldList fields;
  for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
    const std::size_t end = pieces[i].find("\"\r\n\r\n");
    if (!pieces[i].starts_with(kHead) || end == std::string::npos || end < kHead.size())
      return std::nullopt;
    const std::string name = pieces[i].substr(kHead.size(), end - kHead.size());
    const std::string value = pieces[i].substr(end + 5);
    const bool plain = name.size() <= 1024 && name.find_first_of("\"\\\r\n<") == std::string::npos;
    if (!plain || EqualsIgnoringCase(name, "_charset_") || name.find("\xEF\xBB\xBF") == 0 ||
        (name + value).find_first_of(std::string("<\0", 2)) != std::string::npos)
      return std::nullopt;
    fields.push_back({name, value});
  }
  return fields;
}

}  // namespace relay::test
