// Splits any text as a template. A text that passes must come back whole, but for the space around
// its expressions, and its expressions must be closed by themselves.
#include <cstdint>
#include <cstdlib>

#include "expr/scan.h"
#include "expr/text_template.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

std::string WithoutSpace(std::string_view text) {
  std::string rest;
  for (const char c : text) {
    if (std::string_view(" \t\r\n").find(c) == std::string_view::npos) rest += c;
  }
  return rest;
}

void CheckRoundTrip(std::string_view text, const relay::TextTemplate& parsed) {
  std::vector<relay::Json> pieces;
  for (const std::string& expression : parsed.expressions()) {
    const relay::Scan scan = relay::ScanExpression(expression, relay::ScanUntil::EndOfText);
    Check(!scan.problem && !scan.blank);
    pieces.emplace_back("{{" + expression + "}}");
  }
  const auto joined = parsed.Render(pieces, relay::Destination::Body);
  Check(joined.ok() && WithoutSpace(*joined) == WithoutSpace(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = relay::TextTemplate::Parse(text);
  if (parsed) {
    CheckRoundTrip(text, *parsed);
  } else {
    Check(parsed.error().kind == relay::ErrorKind::BadInput && !parsed.error().message.empty());
  }
  return 0;
}
