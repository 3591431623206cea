#include "unit/action/mail_lines.h"

#include <regex>

namespace relay {

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  for (std::size_t end = 0; (end = text.find("\r\n", from)) != std::string::npos; from = end + 2) {
    lines.push_back(text.substr(from, end - from));
  }
  if (from < text.size()) lines.push_back(text.substr(from));
  return lines;
}

std::string Unfolded(const std::string& field) {
  std::string line;
  for (const std::string& part : LinesOf(field)) line += part;
  return line;
}

std::vector<std::string> WordsOf(const std::string& field) {
  static const std::regex kWord(R"(=\?UTF-8\?B\?[A-Za-z0-9+/=]*\?=)");
  const std::string line = Unfolded(field);
  return {std::sregex_token_iterator(line.begin(), line.end(), kWord), {}};
}

std::string DecodedWords(const std::string& field) {
  constexpr std::size_t kOpen = 10;  // "=?UTF-8?B?"
  std::string text;
  for (const std::string& word : WordsOf(field)) {
    text += DecodedBase64(word.substr(kOpen, word.size() - kOpen - 2));
  }
  return text;
}

std::string DecodedBase64(const std::string& text) {
  static const std::string kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto digit = kDigits.find(c);
    if (digit == std::string::npos) continue;
    bits = bits << 6 | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xFF);
  }
  return bytes;
}

std::string DecodedQuotedPrintable(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      bytes += text[i];
      continue;
    }
    const std::string code = text.substr(i + 1, 2);
    if (code != "\r\n") bytes += static_cast<char>(std::stoi(code, nullptr, 16));
    i += 2;
  }
  return bytes;
}

}  // namespace relay
