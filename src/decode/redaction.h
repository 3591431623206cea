// What must not be stored is taken out of the fields of a post first. Pure; any thread.
//
// Patterns are RE2's (https://github.com/google/re2/wiki/Syntax), which looks through a text in
// time linear in its size, whatever is in it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/fields.h"

namespace re2 {
class RE2;
}

namespace relay {

class RedactionRule {
 public:
  // What the pattern matches within a line is replaced by `with`, where \1 stands for what the
  // first group matched. `in` names the variables; empty: all but SessionID and Tracking0, which
  // say what a post belongs to. BadInput where a pattern or `with` is wrong.
  static Result<RedactionRule> Make(const std::string& pattern, std::string with,
                                    std::vector<std::string> in);

  // True where the field was changed.
  bool Apply(Field& field) const;

 private:
  RedactionRule() = default;
  bool Concerns(const std::string& name) const;

  std::shared_ptr<const re2::RE2> pattern_;
  std::string with_;
  std::vector<std::string> in_;
};

struct Redaction {
  std::vector<RedactionRule> rules;
  std::vector<std::string> drop;  // variables of which nothing is kept
};

// The fields that may be stored; absent where nothing had to be taken out.
std::optional<Fields> Redact(const Redaction& redaction, const Fields& fields);

}  // namespace relay
