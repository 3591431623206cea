#include "oracle/encode.h"

#include <iomanip>
#include <sstream>

namespace relay::test {
namespace {

bool Chance(Random& random, std::size_t one_in) {
  return Below(random, one_in) == 0;
}

std::string Hex(unsigned number, Random& random) {
  std::ostringstream out;
  if (Chance(random, 2)) out << std::uppercase;
  out << std::hex << std::setw(2) << std::setfill('0') << number;
  return out.str();
}

std::string EscapeForForm(const std::string& text, Random& random) {
  static const std::string kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  std::string escaped;
  for (const char c : text) {
    if (c == ' ' && Chance(random, 2)) {
      escaped += '+';
    } else if (kPlain.find(c) != std::string::npos && !Chance(random, 10)) {
      escaped += c;
    } else {
      escaped += "%" + Hex(static_cast<unsigned char>(c), random);
    }
  }
  return escaped;
}

// The characters of UTF-8 text.
std::u32string Characters(const std::string& text) {
  std::u32string characters;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80) {
      characters.back() = characters.back() << 6 | (byte & 0x3F);
    } else {
      characters += byte < 0x80   ? byte
                    : byte < 0xE0 ? byte & 0x1F
                    : byte < 0xF0 ? byte & 0xF
                                  : byte & 7;
    }
  }
  return characters;
}

// What windows-1252 and ISO-8859-1 have in common, and others say otherwise.
bool IsLatin(char32_t c) {
  return c < 0x80 || (c >= 0xA0 && c < 0x100);
}

enum class Encoding { Utf8, Utf8WithMark, Latin1, Utf16Little, Utf16Big };

// A document as characters, to be written in an encoding at the end.
class Writer {
 public:
  Writer(Encoding encoding, Random& random) : encoding_(encoding), random_(random) {}

  void Markup(const std::string& text) { out_ += Characters(text); }

  void Text(const std::string& text) {
    const std::u32string characters = Characters(text);
    const bool can_be_cdata = text.find_first_of("\r") == std::string::npos &&
                              text.find("]]>") == std::string::npos && CanWrite(characters);
    if (can_be_cdata && Chance(random_, 3)) {
      Markup("<![CDATA[");
      out_ += characters;
      Markup("]]>");
      return;
    }
    for (const char32_t c : characters) Character(c);
  }

  std::string Bytes() const {
    std::string bytes;
    if (encoding_ == Encoding::Utf8WithMark) bytes = "\xEF\xBB\xBF";
    if (encoding_ == Encoding::Utf16Little) bytes = "\xFF\xFE";
    if (encoding_ == Encoding::Utf16Big) bytes = "\xFE\xFF";
    for (const char32_t c : out_) AppendCharacter(c, bytes);
    return bytes;
  }

 private:
  bool CanWrite(char32_t c) const { return encoding_ != Encoding::Latin1 || IsLatin(c); }
  bool CanWrite(const std::u32string& text) const {
    for (const char32_t c : text) {
      if (!CanWrite(c)) return false;
    }
    return true;
  }

  void Character(char32_t c) {
    if (Chance(random_, 40)) Markup("<!-- no <data> &-->");
    if (c == '<' && Chance(random_, 2)) {
      Markup("&lt;");
    } else if (c == '&' && Chance(random_, 2)) {
      Markup("&amp;");
    } else if (c == '<' || c == '&' || c == '\r' || !CanWrite(c) || Chance(random_, 20)) {
      std::ostringstream reference;
      reference << "&#";
      if (Chance(random_, 2)) reference << 'x' << std::hex;
      reference << static_cast<unsigned>(c) << ";";
      Markup(reference.str());
    } else {
      out_ += c;
    }
  }

  void AppendUnit(unsigned unit, std::string& bytes) const {
    const char low = static_cast<char>(unit & 0xFF);
    const char high = static_cast<char>(unit >> 8);
    bytes += encoding_ == Encoding::Utf16Big ? high : low;
    bytes += encoding_ == Encoding::Utf16Big ? low : high;
  }

  void AppendCharacter(char32_t c, std::string& bytes) const {
    const auto byte = [&](char32_t value) { bytes += static_cast<char>(value); };
    if (encoding_ == Encoding::Utf16Little || encoding_ == Encoding::Utf16Big) {
      if (c >= 0x10000) AppendUnit(0xD800 + ((c - 0x10000) >> 10), bytes);
      AppendUnit(c >= 0x10000 ? 0xDC00 + ((c - 0x10000) & 0x3FF) : c, bytes);
    } else if (c < 0x80 || encoding_ == Encoding::Latin1) {
      byte(c);
    } else if (c < 0x800) {
      byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
    } else {
      byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F));
      byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
    }
  }

  Encoding encoding_;
  Random& random_;
  std::u32string out_;
};

}  // namespace

std::string EncodeForm(const FieldList& fields, Random& random) {
  std::string body;
  for (const Field& field : fields) {
    if (!body.empty() || Chance(random, 20)) body += "&";
    body += EscapeForForm(field.name, random);
    if (!field.value.empty() || Chance(random, 2)) body += "=";
    body += EscapeForForm(field.value, random);
  }
  return body;
}

std::string EncodeXml(const FieldList& fields, Random& random) {
  const auto encoding = static_cast<Encoding>(Below(random, 5));
  Writer writer(encoding, random);
  if (encoding == Encoding::Latin1) writer.Markup("<?xml version='1.0' encoding='ISO-8859-1'?>\n");
  const std::string root = Chance(random, 2) ? "session" : "Other";
  writer.Markup("<!-- a --><" + root + " xmlns=\"u\" b='>'>");
  for (const Field& field : fields) {
    writer.Markup(Chance(random, 2) ? "\r\n  " : "");
    if (field.value.empty() && Chance(random, 2)) {
      writer.Markup("<" + field.name + "/>");
      continue;
    }
    writer.Markup("<" + field.name + (Chance(random, 4) ? " a=\"1\" b='&lt;'>" : ">"));
    writer.Text(field.value);
    writer.Markup("</" + field.name + ">");
  }
  writer.Markup("</" + root + ">\n");
  return writer.Bytes();
}

std::string EncodeMultipart(const FieldList& fields, const std::string& boundary) {
  std::string body;
  for (const Field& field : fields) {
    body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field.name +
            "\"\r\n\r\n" + field.value + "\r\n";
  }
  return body + "--" + boundary + "--\r\n";
}

}  // namespace relay::test
