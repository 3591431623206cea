#include <cctype>
#include <cstdlib>
#include <sstream>

#include "base/json.h"
#include "base/text.h"
#include "oracle/naive.h"

namespace relay::test {
namespace {

// What windows-1252 has from 0x80 to 0x9F.
const char* const kUpper[32] = {"€",      "\u0081", "‚", "ƒ", "„", "…",      "†", "‡",
                                "ˆ",      "‰",      "Š", "‹", "Œ", "\u008D", "Ž", "\u008F",
                                "\u0090", "‘",      "’", "“", "”", "•",      "–", "—",
                                "˜",      "™",      "š", "›", "œ", "\u009D", "ž", "Ÿ"};

std::string FromWindows1252(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else if (byte < 0xA0) {
      text += kUpper[byte - 0x80];
    } else {
      text += static_cast<char>(0xC0 | byte >> 6);
      text += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return text;
}

std::string Unescape(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string hex = text.substr(i, 3);
    if (hex.size() == 3 && hex[0] == '%' && std::isxdigit(static_cast<unsigned char>(hex[1])) &&
        std::isxdigit(static_cast<unsigned char>(hex[2]))) {
      bytes += static_cast<char>(std::strtol(hex.c_str() + 1, nullptr, 16));
      i += 2;
    } else {
      bytes += text[i] == '+' ? ' ' : text[i];
    }
  }
  return bytes;
}

std::string AsText(const std::string& bytes) {
  return NaiveIsUtf8(bytes) ? bytes : FromWindows1252(bytes);
}

}  // namespace

bool NaiveIsUtf8(const std::string& text) {
  try {
    return !Json(text).dump().empty();
  } catch (const std::exception&) {
    return false;
  }
}

std::optional<FieldList> NaiveForm(const std::string& body) {
  const bool other_format = body.find_first_not_of(" \t\r\n") == std::string::npos ||
                            body.find('\0') != std::string::npos || body.starts_with("--") ||
                            body.find("\n--") != std::string::npos ||
                            body.find("\xEF\xBB\xBF") != std::string::npos ||
                            body.find("\xFF\xFE") == 0 || body.find("\xFE\xFF") == 0;
  if (other_format) return std::nullopt;
  FieldList fields;
  std::istringstream parts(body);
  for (std::string part; std::getline(parts, part, '&');) {
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    const std::string name = Unescape(part.substr(0, equals));
    const std::string value = equals == std::string::npos ? "" : Unescape(part.substr(equals + 1));
    const std::string all = name + value;
    if (all.find_first_of(std::string("<\0", 2)) != std::string::npos) return std::nullopt;
    if (name.size() > 1024 || name.find("\xEF\xBB\xBF") == 0) return std::nullopt;
    if (EqualsIgnoringCase(name, "_charset_")) return std::nullopt;
    fields.push_back({AsText(name), AsText(value)});
  }
  if (fields.size() > 10'000) return std::nullopt;
  return fields;
}

}  // namespace relay::test
