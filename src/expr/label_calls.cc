#include "expr/label_calls.h"

#include <cctype>
#include <vector>

namespace relay {
namespace {

constexpr std::string_view kLabel = "label";

bool IsNamePart(char c) {
  return c == '_' || c == '.' || c == '$' || c == '@' || c == ':' ||
         std::isalnum(static_cast<unsigned char>(c)) != 0;
}

class Renamer {
 public:
  explicit Renamer(std::string_view text) : text_(text) {}

  std::string Run() {
    while (at_ < text_.size()) {
      if (in_string_) {
        CopyInString();
      } else {
        CopyCode();
      }
    }
    return std::move(result_);
  }

 private:
  void Copy(std::size_t count) {
    result_ += text_.substr(at_, count);
    at_ += count;
  }

  void CopyInString() {
    const char c = text_[at_];
    if (c == '\\' && text_.substr(at_).starts_with("\\(")) {
      open_.push_back(0);
      in_string_ = false;
      return Copy(2);
    }
    if (c == '\\') return Copy(2);
    if (c == '"') in_string_ = false;
    Copy(1);
  }

  void CopyCode() {
    const char c = text_[at_];
    if (c == '"') in_string_ = true;
    if (c == '#') return Copy(std::min(text_.find('\n', at_), text_.size()) - at_);
    if (c == '(' && !open_.empty()) ++open_.back();
    if (c == ')' && !open_.empty() && open_.back()-- == 0) {
      open_.pop_back();
      in_string_ = true;
    }
    if (CallsLabel()) result_ += '_';
    Copy(1);
  }

  bool CallsLabel() const {
    const std::string_view rest = text_.substr(at_);
    if (!rest.starts_with(kLabel) || (at_ > 0 && IsNamePart(text_[at_ - 1]))) return false;
    const auto next = rest.find_first_not_of(" \t\r\n", kLabel.size());
    return next != std::string_view::npos && rest[next] == '(';
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  bool in_string_ = false;
  std::vector<int> open_;  // brackets in each of the interpolations around this place
  std::string result_;
};

}  // namespace

std::string RenameLabelCalls(std::string_view expression) {
  return Renamer(expression).Run();
}

}  // namespace relay
