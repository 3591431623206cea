#include "action/csv.h"

#include <algorithm>
#include <string_view>

namespace relay {
namespace {

bool LooksLikeFormula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

bool NeedsQuotes(std::string_view text) {
  return text.find_first_of("\",\r\n") != std::string_view::npos;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t next = std::min(text.find('"', from), text.size() - 1) + 1;
    quoted += text.substr(from, next - from);
    if (text[next - 1] == '"') quoted += '"';
    from = next;
  }
  return quoted + '"';
}

std::string CellText(const Json& value) {
  if (value.is_null()) return "";
  if (!value.is_string()) return ToText(value);
  const auto& text = value.get_ref<const std::string&>();
  return LooksLikeFormula(text) ? "'" + text : text;
}

}  // namespace

void CsvRow::Add(const Json& value) {
  const bool first = text_.empty();
  const std::string text = CellText(value);
  if (!first) text_ += ',';
  text_ += first || NeedsQuotes(text) ? Quoted(text) : text;
}

std::string CsvRow::Finish() && {
  return std::move(text_) + "\r\n";
}

}  // namespace relay
