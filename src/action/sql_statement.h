// One SQL statement with the values to bind to it. Plain values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace relay {

// What stands for a bound value in the text of a statement.
enum class Placeholder { Numbered, Question };  // $1; ?

class SqlStatement {
 public:
  SqlStatement() = default;
  explicit SqlStatement(std::string_view text) { Add(text); }

  void Add(std::string_view text) { pieces_.back() += text; }
  // Null, a boolean, a number or text. Lists and objects become their text.
  void Bind(Json value);

  std::string Text(Placeholder placeholder) const;
  const std::vector<Json>& values() const { return values_; }

 private:
  std::vector<std::string> pieces_{""};  // always one more than values_
  std::vector<Json> values_;
};

}  // namespace relay
