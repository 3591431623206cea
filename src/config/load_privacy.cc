#include "config/load_privacy.h"

#include <fmt/format.h>

#include "base/text.h"

namespace relay {
namespace {

void LoadRule(const toml::node& node, ProblemList& problems, Redaction& redaction) {
  const std::string where = "privacy: redact";
  if (node.as_table() == nullptr) {
    problems.Add(LineOf(node), where + ": each must be { pattern = … }");
    return;
  }
  TableReader table(node.as_table(), where, problems);
  const auto pattern = table.String("pattern");
  auto with = table.String("with").value_or("[removed]");
  auto in = table.Strings("in");
  table.Finish();
  if (!pattern) {
    table.Problem("pattern", "is missing");
    return;
  }
  auto rule = RedactionRule::Make(*pattern, std::move(with), std::move(in));
  if (rule) {
    redaction.rules.push_back(std::move(*rule));
  } else {
    problems.Add(LineOf(node), where + ": " + rule.error().message);
  }
}

}  // namespace

Redaction LoadPrivacy(TableReader& root) {
  Redaction redaction;
  TableReader table(root.Table("privacy"), "privacy", root.problems());
  if (const toml::node* rules = table.Find("redact")) {
    if (const toml::array* array = rules->as_array()) {
      for (const toml::node& node : *array) LoadRule(node, root.problems(), redaction);
    } else {
      table.Problem("redact", "must be a list: [{ pattern = … }]");
    }
  }
  redaction.drop = table.Strings("drop");
  for (const std::string& variable : redaction.drop) {
    if (EqualsIgnoringCase(variable, "SessionID")) {
      table.Problem("drop", "SessionID: a post without it belongs to no session");
    }
  }
  table.Finish();
  return redaction;
}

}  // namespace relay
