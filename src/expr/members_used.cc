#include "expr/members_used.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace relay {
namespace {

enum class Kind { End, Path, Variable, Word, Literal, Pipe, Sign, Unknown };

struct Token {
  Kind kind = Kind::End;
  std::string_view text;
};

bool StartsName(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool ContinuesName(char c) {
  return StartsName(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  Token Next() {
    const auto blank = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(std::min(blank, rest_.size()));
    if (rest_.empty()) return {};
    const char c = rest_.front();
    if (c == '.' && rest_.size() > 1 && StartsName(rest_[1])) return {Kind::Path, Name(1)};
    if (c == '$' && rest_.size() > 1 && StartsName(rest_[1])) return {Kind::Variable, Name(1)};
    if (StartsName(c)) return {Kind::Word, Name(0)};
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) return Number();
    if (c == '"') return String();
    return Sign();
  }

 private:
  std::string_view Take(std::size_t length) {
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }

  // Without what stands before it.
  std::string_view Name(std::size_t skip) {
    rest_.remove_prefix(skip);
    std::size_t length = 0;
    while (length < rest_.size() && ContinuesName(rest_[length])) ++length;
    return Take(length);
  }

  Token Number() {
    const auto end = rest_.find_first_not_of("0123456789.eE");
    return {Kind::Literal, Take(std::min(end, rest_.size()))};
  }

  // One with an interpolation holds an expression.
  Token String() {
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') return {Kind::Literal, Take(i + 1)};
      if (rest_[i] != '\\') continue;
      ++i;
      if (i < rest_.size() && rest_[i] == '(') break;
    }
    return {Kind::Unknown, {}};
  }

  Token Sign() {
    for (const std::string_view two : {"==", "!=", "<=", ">=", "//"}) {
      if (!rest_.starts_with(two)) continue;
      Take(2);
      return {rest_.starts_with('=') ? Kind::Unknown : Kind::Sign, two};
    }
    const std::string_view one = Take(1);
    if (rest_.starts_with('=')) return {Kind::Unknown, one};  // an update gives all of its input
    if (one == "|") return {Kind::Pipe, one};
    const bool plain = std::string_view("()<>+-*/%,;").find(one) != std::string_view::npos;
    return {plain ? Kind::Sign : Kind::Unknown, one};
  }

  std::string_view rest_;
};

// Words that look at no input, or only at its truth.
bool IsPlain(std::string_view word) {
  constexpr std::array kPlain{"and", "or", "not", "null", "true", "false"};
  return std::any_of(kPlain.begin(), kPlain.end(),
                     [&](const char* plain) { return word == plain; });
}

// A variable that is the whole post or may be; only a member of it is plain.
bool IsWhole(const Token& variable, const Token& next) {
  return variable.kind == Kind::Variable && variable.text == "post" && next.kind != Kind::Path;
}

// A function looks at its input, which is a value of its own behind a pipe: all but "label". Behind
// `as` and its like it is not: those are not known here at all.
bool IsKnown(const Token& token, Kind before) {
  switch (token.kind) {
    case Kind::Word:
      return IsPlain(token.text) || (before == Kind::Pipe && token.text != "label");
    case Kind::Unknown:
      return false;
    case Kind::End:
    case Kind::Path:
    case Kind::Variable:
    case Kind::Literal:
    case Kind::Pipe:
    case Kind::Sign:
      break;
  }
  return true;
}

}  // namespace

Members MembersUsed(std::string_view expression) {
  Members used{std::set<std::string, std::less<>>()};
  Reader reader(expression);
  Token before;
  for (;;) {
    const Token token = reader.Next();
    if (!IsKnown(token, before.kind) || IsWhole(before, token)) return {};
    if (token.kind == Kind::End) return used;
    if (token.kind == Kind::Path) used.names->emplace(token.text);
    before = token;
  }
}

}  // namespace relay
