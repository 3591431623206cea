#include "config/bound_sql.h"

#include <cctype>
#include <string_view>

namespace relay {
namespace {

enum class Inside { Statement, Quotes, DollarQuotes, LineComment, BlockComment };

bool IsWordCharacter(char c) {
  return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// Walks through the text between the expressions of a statement, and knows in what it is. It reads
// the SQL of each database as far as quotes and comments go.
class SqlWalk {
 public:
  explicit SqlWalk(const DatabaseAddress& database)
      : postgresql_(std::holds_alternative<PostgreSqlAddress>(database)),
        mysql_(std::holds_alternative<MySqlAddress>(database)),
        odbc_(std::holds_alternative<OdbcAddress>(database)) {}

  void Read(std::string_view text) {
    for (rest_ = text; !rest_.empty();) Step();
    before_ = ' ';
  }
  Inside inside() const { return inside_; }
  const std::string& mistake() const { return mistake_; }
  // An expression stands here.
  void PassExpression() { NoteStatement(); }

 private:
  void Advance(std::size_t count) {
    count = std::min(count, rest_.size());
    before_ = rest_[count - 1];
    rest_.remove_prefix(count);
  }

  void Step() {
    switch (inside_) {
      case Inside::Statement:
        return StepStatement();
      case Inside::Quotes:
        return StepQuotes();
      case Inside::DollarQuotes:
        if (!LeaveAt(tag_)) Advance(1);
        return;
      case Inside::LineComment:
        if (!LeaveAt("\n")) Advance(1);
        return;
      case Inside::BlockComment:
        if (!LeaveAt("*/")) Advance(1);
        return;
    }
  }

  bool LeaveAt(std::string_view end) {
    if (!rest_.starts_with(end)) return false;
    Advance(end.size());
    inside_ = Inside::Statement;
    return true;
  }

  void Enter(Inside inside, std::size_t length) {
    inside_ = inside;
    Advance(length);
  }

  void StepStatement() {
    const char c = rest_.front();
    if (rest_.starts_with("--")) return Enter(Inside::LineComment, 2);
    if (rest_.starts_with("/*")) return Enter(Inside::BlockComment, 2);
    if (c == '#' && mysql_) return Enter(Inside::LineComment, 1);
    if (c == ';') {
      ended_ = true;
      return Advance(1);
    }
    if (std::isspace(static_cast<unsigned char>(c)) == 0) NoteStatement();
    if (c == '\'' || c == '"' || (c == '`' && !postgresql_)) return EnterQuotes();
    if (c == '$' && postgresql_ && !IsWordCharacter(before_)) return StepDollar();
    if (c == '?' && !postgresql_) Note(R"("?" cannot be used; write {{ }} where a value goes)");
    if (c == '\0') Note("holds a NUL");
    Advance(1);
  }

  void EnterQuotes() {
    quote_ = rest_.front();
    const bool escape_string = postgresql_ && quote_ == '\'' && (before_ == 'E' || before_ == 'e');
    backslash_escapes_ = (mysql_ && quote_ != '`') || escape_string;
    Enter(Inside::Quotes, 1);
  }

  void StepQuotes() {
    if (backslash_escapes_ && rest_.front() == '\\') return Advance(2);
    if (rest_.front() != quote_) return Advance(1);
    if (rest_.size() > 1 && rest_[1] == quote_) return Advance(2);  // stands for one
    Enter(Inside::Statement, 1);
  }

  // $1, $$ or $tag$.
  void StepDollar() {
    std::size_t length = 1;
    while (length < rest_.size() && IsWordCharacter(rest_[length])) ++length;
    const bool number = length > 1 && std::isdigit(static_cast<unsigned char>(rest_[1])) != 0;
    if (number) Note(R"("$1" cannot be used; write {{ }} where a value goes)");
    if (number || length == rest_.size() || rest_[length] != '$') return Advance(length);
    tag_ = rest_.substr(0, length + 1);
    Enter(Inside::DollarQuotes, length + 1);
  }

  // What stands behind ODBC may have compound statements.
  void NoteStatement() {
    if (ended_ && !odbc_) Note("holds several statements; write a list of them");
  }

  void Note(std::string mistake) {
    if (mistake_.empty()) mistake_ = std::move(mistake);
  }

  const bool postgresql_;
  const bool mysql_;
  const bool odbc_;
  std::string_view rest_;
  char before_ = ' ';
  Inside inside_ = Inside::Statement;
  char quote_ = '\'';
  bool backslash_escapes_ = false;
  std::string tag_;
  bool ended_ = false;
  std::string mistake_;
};

}  // namespace

std::optional<std::string> MistakeIn(const TextTemplate& sql, const DatabaseAddress& database) {
  SqlWalk walk(database);
  for (std::size_t i = 0; i < sql.literals().size(); ++i) {
    walk.Read(sql.literals()[i]);
    if (i == sql.expressions().size()) break;
    const std::string expression = "{{ " + sql.expressions()[i] + " }}: ";
    switch (walk.inside()) {
      case Inside::Statement:
        walk.PassExpression();
        break;
      case Inside::Quotes:
      case Inside::DollarQuotes:
        return expression + "write {{ }} without quotes: it is a bound value, of any content";
      case Inside::LineComment:
      case Inside::BlockComment:
        return expression + "stands in a comment";
    }
  }
  if (!walk.mistake().empty()) return walk.mistake();
  if (walk.inside() == Inside::Quotes || walk.inside() == Inside::DollarQuotes) {
    return "a quotation mark is not closed";
  }
  return std::nullopt;
}

}  // namespace relay
