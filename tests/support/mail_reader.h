// Reads mail as its receivers do: with the email package of Python, which shares no line with what
// wrote it.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace relay::test {

// {"headers": {name: text}, "From": [[name, address]], To, Cc, Bcc, Reply-To alike,
// "text", "html": text or null, "attachments": [{filename, type, text}], "type"}. Throws where the
// package finds anything wrong with it.
nlohmann::json ReadMail(const std::filesystem::path& file);
std::vector<nlohmann::json> ReadMails(const std::vector<std::filesystem::path>& files);

// With "\n" for CRLF.
std::string WithoutCr(const std::string& text);

}  // namespace relay::test
