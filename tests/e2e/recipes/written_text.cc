#include "e2e/recipes/written_text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace relay::test {
namespace {

using nlohmann::json;

std::optional<std::string> TextOf(const json& paragraph) {
  if (paragraph.value("type", "") != "paragraph") return std::nullopt;
  std::string text;
  for (const json& node : paragraph.value("content", json::array())) {
    // Jira refuses text nodes that are empty.
    if (node.value("type", "") != "text" || node.value("text", "").empty()) return std::nullopt;
    text += node["text"].get<std::string>();
  }
  return text;
}

}  // namespace

std::string Replaced(std::string text, const std::string& old, const std::string& by) {
  std::string result;
  std::size_t from = 0;
  for (std::size_t at = 0; (at = text.find(old, from)) != std::string::npos;) {
    result += text.substr(from, at - from) + by;
    from = at + old.size();
  }
  return result + text.substr(from);
}

std::optional<std::string> PlainFromHtml(const std::string& html) {
  std::string text = Replaced(html, "<br>\n", "\n");
  if (text.find_first_of("<>\"'") != std::string::npos) return std::nullopt;
  constexpr std::array<std::pair<const char*, const char*>, 5> kReferences{
      {{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}};
  std::size_t ampersands = 0;
  for (const auto& [reference, character] : kReferences) {
    for (std::size_t at = 0; (at = text.find(reference, at)) != std::string::npos; ++at) {
      ++ampersands;
    }
  }
  if (std::ranges::count(text, '&') != static_cast<std::ptrdiff_t>(ampersands)) return std::nullopt;
  for (const auto& [reference, character] : kReferences) {
    text = Replaced(std::move(text), reference, character);
  }
  return text;
}

std::optional<std::string> PlainFromAdf(const json& document) {
  if (!document.is_object() || document.value("type", "") != "doc" ||
      document.value("version", 0) != 1 || !document.contains("content")) {
    return std::nullopt;
  }
  std::string text;
  for (const json& paragraph : document["content"]) {
    const auto line = TextOf(paragraph);
    if (!line) return std::nullopt;
    text += (text.empty() ? "" : "\n") + *line;
  }
  return text;
}

std::size_t Characters(const std::string& utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace relay::test
