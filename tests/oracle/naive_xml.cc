#include <array>
#include <cstdio>
#include <regex>
#include <set>
#include <stdexcept>

#include "base/json.h"
#include "base/text.h"
#include "oracle/naive.h"

namespace relay::test {
namespace {

struct NotPlain : std::runtime_error {
  NotPlain() : std::runtime_error("not plain XML") {}
};

// A parser by recursive descent for the strict part of XML.
class Parser {
 public:
  explicit Parser(std::string text) : text_(std::move(text)) {}

  FieldList Document() {
    if (Take("<?xml version=\"1.0\"?>")) SkipSpace();
    SkipMisc();
    Expect("<");
    const bool has_content = OpenTag();
    FieldList fields;
    while (has_content && !Take("</" + open_.back() + ">")) TakeField(fields);
    SkipMisc();
    if (at_ != text_.size()) throw NotPlain();
    return fields;
  }

 private:
  bool See(const std::string& word) const { return text_.compare(at_, word.size(), word) == 0; }
  bool Take(const std::string& word) {
    if (!See(word)) return false;
    at_ += word.size();
    return true;
  }
  void Expect(const std::string& word) {
    if (!Take(word)) throw NotPlain();
  }
  std::string TakeUntil(const std::string& word) {
    const std::size_t end = text_.find(word, at_);
    if (end == std::string::npos) throw NotPlain();
    const std::string taken = text_.substr(at_, end - at_);
    at_ = end + word.size();
    return taken;
  }
  void SkipSpace() {
    while (at_ < text_.size() && std::string(" \t\n").find(text_[at_]) != std::string::npos) ++at_;
  }
  bool SkipComment() {
    if (!Take("<!--")) return false;
    if (TakeUntil("-->").find("--") != std::string::npos) throw NotPlain();
    return true;
  }
  void SkipMisc() {
    do SkipSpace();
    while (SkipComment());
  }
  std::string TakeName() {
    static const std::regex kName("[A-Za-z_][A-Za-z0-9_.-]*");
    std::smatch match;
    const std::string rest = text_.substr(at_, 40);
    if (!std::regex_search(rest, match, kName, std::regex_constants::match_continuous) ||
        match.length() == 40)
      throw NotPlain();
    at_ += static_cast<std::size_t>(match.length());
    return match.str();
  }

  // Behind "<". True where content follows.
  bool OpenTag() {
    if (open_.size() == 20) throw NotPlain();
    const std::string name = TakeName();
    std::set<std::string> attributes;
    while (Take(" ")) {
      if (!attributes.insert(TakeName()).second) throw NotPlain();
      const std::string quote = See("=\"") ? "\"" : "'";
      Expect("=" + quote);
      if (TakeUntil(quote).find_first_of("<\n") != std::string::npos) throw NotPlain();
    }
    open_.push_back(name);
    if (Take("/>")) return false;
    Expect(">");
    return true;
  }

  void TakeField(FieldList& fields) {
    SkipMisc();
    if (See("</" + open_.back() + ">")) return;
    Expect("<");
    const bool has_content = OpenTag();
    const std::string name = open_.back();
    fields.push_back({name, has_content ? Content() : ""});
    open_.pop_back();
  }

  // Up to and with the closing tag.
  std::string Content() {
    std::string text;
    while (!Take("</" + open_.back() + ">")) text += Piece();
    return text;
  }

  std::string Piece() {
    if (SkipComment()) return "";
    if (Take("<![CDATA[")) return TakeUntil("]]>");
    if (Take("&")) return Reference(TakeUntil(";"));
    if (!Take("<")) return Character();
    const bool has_content = OpenTag();
    std::string text = EqualsIgnoringCase(open_.back(), "br") ? "\n" : "";
    if (has_content) text += Content();
    open_.pop_back();
    return text;
  }

  std::string Character() {
    if (at_ == text_.size()) throw NotPlain();
    return {text_[at_++]};
  }

  static std::string Reference(const std::string& name) {
    if (name == "lt") return "<";
    if (name == "gt") return ">";
    if (name == "amp") return "&";
    if (name == "quot") return "\"";
    if (name == "apos") return "'";
    static const std::regex kNumber("#([1-9][0-9]{0,5}|x[1-9A-Fa-f][0-9A-Fa-f]{0,4})");
    if (!std::regex_match(name, kNumber)) throw NotPlain();
    const int code =
        name[1] == 'x' ? std::stoi(name.substr(2), nullptr, 16) : std::stoi(name.substr(1));
    if (code >= 0xD800 && code <= 0xDFFF) throw NotPlain();
    return Json::parse("\"" + Escaped(code) + "\"").get<std::string>();
  }

  // As JSON writes characters.
  static std::string Escaped(int code) {
    std::array<char, 16> text{};
    const int above = code - 0x10000;
    if (code < 0x10000) {
      std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(code));
    } else {
      std::snprintf(text.data(), text.size(), "\\u%04x\\u%04x",
                    static_cast<unsigned>(0xD800 + above / 0x400),
                    static_cast<unsigned>(0xDC00 + above % 0x400));
    }
    return text.data();
  }

  std::string text_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
};

std::string WithPlainLineBreaks(std::string text) {
  for (const std::string line_break : {"\r\n", "\r"}) {
    for (std::size_t at = 0; (at = text.find(line_break, at)) != std::string::npos; ++at)
      text.replace(at, line_break.size(), "\n");
  }
  return text;
}

}  // namespace

std::optional<FieldList> NaiveXml(const std::string& document) {
  if (document.find('\0') != std::string::npos || !NaiveIsUtf8(document)) return std::nullopt;
  try {
    return Parser(WithPlainLineBreaks(document)).Document();
  } catch (const NotPlain&) {
    return std::nullopt;
  }
}

}  // namespace relay::test
