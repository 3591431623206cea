#include "expr/scan.h"

#include <vector>

namespace relay {
namespace {

constexpr char kString = '"';

char Closing(char open) {
  switch (open) {
    case '(':
      return ')';
    case '[':
      return ']';
    default:
      return '}';
  }
}

std::string Quoted(char c) {
  return std::string("\"") + c + '"';
}

class Scanner {
 public:
  Scanner(std::string_view text, ScanUntil until) : text_(text), until_(until) {}

  Scan Run() {
    while (at_ < text_.size() && !scan_.problem) {
      if (AtEnd()) return Finish();
      if (text_[at_] == '\0') {
        Fail("a NUL character");  // jq would read the program only up to here
      } else if (InString()) {
        StringStep();
      } else {
        CodeStep();
      }
    }
    if (!scan_.problem) CheckClosed();
    return Finish();
  }

 private:
  bool InString() const { return !open_.empty() && open_.back() == kString; }
  bool AtEnd() const {
    return open_.empty() && until_ == ScanUntil::DoubleBrace && text_.substr(at_, 2) == "}}";
  }

  Scan Finish() {
    scan_.end = at_;
    return scan_;
  }

  void StringStep() {
    const char c = text_[at_++];
    if (c == kString) open_.pop_back();
    if (c != '\\' || at_ == text_.size() || text_[at_] == '\0') return;
    if (text_[at_] == '(') open_.push_back('(');
    ++at_;
  }

  void CodeStep() {
    const char c = text_[at_];
    if (c == '#') return SkipComment();
    if (std::string_view(" \t\r\n").find(c) == std::string_view::npos) scan_.blank = false;
    if (c == kString || c == '(' || c == '[' || c == '{') open_.push_back(c);
    if ((c == ')' || c == ']' || c == '}') && !Close(c)) return;
    ++at_;
  }

  void SkipComment() {
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\0' && !AtEnd()) {
      ++at_;
    }
  }

  bool Close(char c) {
    if (open_.empty()) {
      Fail(Quoted(c) + " closes nothing");
    } else if (Closing(open_.back()) != c) {
      Fail(Quoted(c) + " where " + Quoted(Closing(open_.back())) + " is missing");
    } else {
      open_.pop_back();
    }
    return !scan_.problem;
  }

  void CheckClosed() {
    if (until_ == ScanUntil::DoubleBrace) {
      Fail("{{ is not closed");
    } else if (!open_.empty()) {
      Fail(InString() ? "a string is not closed" : Quoted(open_.back()) + " is not closed");
    }
  }

  void Fail(std::string problem) { scan_.problem = std::move(problem); }

  std::string_view text_;
  ScanUntil until_;
  std::size_t at_ = 0;
  std::vector<char> open_;  // brackets and quotes that are not closed yet, the innermost last
  Scan scan_;
};

}  // namespace

Scan ScanExpression(std::string_view text, ScanUntil until) {
  return Scanner(text, until).Run();
}

}  // namespace relay
