#include "decode/xml_scan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/text.h"

namespace relay {
namespace {

constexpr std::size_t kMaxMarkup = 100'000;
constexpr std::size_t kMaxTagLength = 65'536;
constexpr std::size_t kMaxAttributes = 256;
constexpr std::size_t kLongestReference = 12;  // "&#x0010FFFF;"

Error Bad(std::string_view why) {
  return {ErrorKind::BadInput, std::string(why)};
}

Error OverLimit(std::string_view what, std::size_t limit, std::string_view unit) {
  return Bad(std::string(what) + " more than " + std::to_string(limit) + " " + std::string(unit));
}

// What tinyxml2 drops where a text is nothing else; of line breaks there is only "\n" by now.
bool IsSpace(char c) {
  return std::string_view(" \t\n\v\f").find(c) != std::string_view::npos;
}

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// "#65" and "#x41" between "&" and ";". "#0" and surrogates are no characters.
bool NamesCharacter(std::string_view name) {
  name.remove_prefix(1);
  const bool hex = name.starts_with('x');
  if (hex) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
  if (error != std::errc() || end != name.data() + name.size()) return false;
  return code != 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

// True where the text, which starts with "&", starts with a reference that the parser resolves.
bool StartsWithReference(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNames{"amp", "lt", "gt", "quot", "apos"};
  const std::size_t semicolon = text.substr(0, kLongestReference).find(';');
  if (semicolon == std::string_view::npos) return false;
  const std::string_view name = text.substr(1, semicolon - 1);
  if (name.starts_with('#')) return NamesCharacter(name);
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

class XmlScan {
 public:
  XmlScan(std::string_view document, const DecodeLimits& limits)
      : rest_(document), limits_(limits) {
    out_.reserve(document.size());
  }

  Result<std::string> Run() {
    while (!rest_.empty()) {
      const Result<void> taken = rest_.front() == '<' ? TakeMarkup() : TakeText();
      if (!taken) return taken.error();
    }
    if (!root_seen_) return Bad("has no root element");
    if (depth_ > 0) return Bad("ends inside an element");
    return std::move(out_);
  }

 private:
  Result<void> TakeMarkup() {
    if (++markup_ > kMaxMarkup) return OverLimit("has", kMaxMarkup, "tags");
    if (rest_.starts_with("<!--")) return Skip("-->", 4);
    if (rest_.starts_with("<?")) return Skip("?>", 2);
    if (rest_.starts_with("<![CDATA[")) return TakeCData();
    if (rest_.starts_with("<!")) return Bad("holds a DOCTYPE or another declaration");
    return TakeTag();
  }

  Result<void> Skip(std::string_view end, std::size_t from) {
    const std::size_t at = rest_.find(end, from);
    if (at == std::string_view::npos) return Bad("ends inside a comment or an instruction");
    rest_.remove_prefix(at + end.size());
    return {};
  }

  Result<void> TakeCData() {
    constexpr std::string_view kEnd = "]]>";
    if (depth_ == 0) return Bad("has text outside its root element");
    const std::size_t at = rest_.find(kEnd);
    if (at == std::string_view::npos) return Bad("ends inside a CDATA section");
    Copy(at + kEnd.size());
    return {};
  }

  Result<void> TakeTag() {
    const bool closing = rest_.starts_with("</");
    const std::size_t name = closing ? 2 : 1;
    if (rest_.size() <= name) return Bad("ends inside a tag");
    if (!IsNameStart(rest_[name])) return Bad("holds a \"<\" that opens no tag");
    const Result<std::size_t> length = TagLength();
    if (!length) return length.error();
    const std::string_view tag = rest_.substr(name, *length - name);
    if (tag.find_first_of(" \t\n/>") > limits_.name_length) return NameTooLong(limits_);
    const bool empty = rest_[*length - 2] == '/';
    Copy(*length);
    return closing ? Close() : Open(empty);
  }

  Result<std::size_t> TagLength() const {
    char quote = '\0';
    std::size_t attributes = 0;
    for (std::size_t i = 0; i < rest_.size() && i < kMaxTagLength; ++i) {
      const char c = rest_[i];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '=' && ++attributes > kMaxAttributes) {
        return OverLimit("has a tag with", kMaxAttributes, "attributes");
      } else if (c == '>') {
        return i + 1;
      }
    }
    if (rest_.size() < kMaxTagLength) return Bad("ends inside a tag");
    return OverLimit("has a tag of", kMaxTagLength, "bytes");
  }

  Result<void> Open(bool empty) {
    if (depth_ == 0 && root_seen_) return Bad("has more than one root element");
    root_seen_ = true;
    if (depth_ == limits_.depth) return OverLimit("is nested", limits_.depth, "elements deep");
    if (!empty) ++depth_;
    return {};
  }

  Result<void> Close() {
    if (depth_ == 0) return Bad("closes an element that is not open");
    --depth_;
    return {};
  }

  Result<void> TakeText() {
    std::string_view text = rest_.substr(0, rest_.find('<'));
    rest_.remove_prefix(text.size());
    if (depth_ == 0) {
      if (!Trim(text).empty()) return Bad("has text outside its root element");
      return {};
    }
    // Between the fields it is the sender's indentation; inside one it belongs to the value.
    if (depth_ > 1 && IsSpace(text.front())) {
      out_ += "&#" + std::to_string(static_cast<int>(text.front())) + ";";
      text.remove_prefix(1);
    }
    CopyText(text);
    return {};
  }

  void CopyText(std::string_view text) {
    for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&')) {
      out_ += text.substr(0, at);
      out_ += StartsWithReference(text.substr(at)) ? "&" : "&amp;";
      text.remove_prefix(at + 1);
    }
    out_ += text;
  }

  void Copy(std::size_t length) {
    out_ += rest_.substr(0, length);
    rest_.remove_prefix(length);
  }

  std::string_view rest_;
  const DecodeLimits& limits_;
  std::string out_;
  std::size_t markup_ = 0;
  std::size_t depth_ = 0;
  bool root_seen_ = false;
};

}  // namespace

Result<std::string> PrepareXml(std::string_view document, const DecodeLimits& limits) {
  if (document.find('\0') != std::string_view::npos) return Bad("holds a NUL character");
  return XmlScan(document, limits).Run();
}

}  // namespace relay
