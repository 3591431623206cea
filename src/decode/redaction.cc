#include "decode/redaction.h"

#include <re2/re2.h>

#include <algorithm>

#include "base/text.h"

namespace relay {
namespace {

bool Names(const std::vector<std::string>& variables, const std::string& name) {
  return std::ranges::any_of(variables, [&](const std::string& variable) {
    // Senders that post "Note" mean "Notes".
    return EqualsIgnoringCase(variable, name) ||
           (EqualsIgnoringCase(variable, "Notes") && EqualsIgnoringCase(name, "Note"));
  });
}

Error Wrong(const std::string& what) {
  return {ErrorKind::BadInput, what};
}

}  // namespace

Result<RedactionRule> RedactionRule::Make(const std::string& pattern, std::string with,
                                          std::vector<std::string> in) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_nl(true);  // a chat is the same whether its lines come at once or one by one
  auto compiled = std::make_shared<const re2::RE2>(pattern, options);
  if (!compiled->ok()) return Wrong("pattern: " + compiled->error());
  if (pattern.find("\\C") != std::string::npos) return Wrong("pattern: \\C may cut a character");
  if (re2::RE2::PartialMatch("", *compiled)) return Wrong("pattern: matches the empty text");
  std::string why;
  if (!compiled->CheckRewriteString(with, &why)) return Wrong("with: " + why);
  RedactionRule rule;
  rule.pattern_ = std::move(compiled);
  rule.with_ = std::move(with);
  rule.in_ = std::move(in);
  return rule;
}

bool RedactionRule::Concerns(const std::string& name) const {
  static const std::vector<std::string> kIdentities{"SessionID", "Tracking0"};
  return in_.empty() ? !Names(kIdentities, name) : Names(in_, name);
}

bool RedactionRule::Apply(Field& field) const {
  return Concerns(field.name) && re2::RE2::GlobalReplace(&field.value, *pattern_, with_) > 0;
}

std::optional<Fields> Redact(const Redaction& redaction, const Fields& fields) {
  if (redaction.rules.empty() && redaction.drop.empty()) return std::nullopt;
  bool changed = false;
  Fields kept;
  for (Field field : fields.all()) {
    if (Names(redaction.drop, field.name)) {
      changed = true;
      continue;
    }
    for (const RedactionRule& rule : redaction.rules) changed = rule.Apply(field) || changed;
    kept.Add(std::move(field.name), std::move(field.value));
  }
  if (!changed) return std::nullopt;
  return kept;
}

}  // namespace relay
