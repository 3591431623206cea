#include "action/sql_statement.h"

#include <cctype>
#include <cmath>

namespace relay {
namespace {

bool BelongsToWord(char c) {
  return c == '_' || c == '$' || std::isalnum(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

void SqlStatement::Bind(Json value) {
  if (value.is_structured()) value = ToText(value);
  if (value.is_number_float() && !std::isfinite(value.get<double>())) value = nullptr;
  values_.push_back(std::move(value));
  pieces_.emplace_back();
}

std::string SqlStatement::Text(Placeholder placeholder) const {
  std::string text = pieces_.front();
  for (std::size_t i = 0; i < values_.size(); ++i) {
    // "x$1" would be a name, "$15" another value.
    if (!text.empty() && BelongsToWord(text.back())) text += ' ';
    text += placeholder == Placeholder::Numbered ? "$" + std::to_string(i + 1) : "?";
    const std::string& next = pieces_[i + 1];
    if (!next.empty() && BelongsToWord(next.front())) text += ' ';
    text += next;
  }
  return text;
}

}  // namespace relay
