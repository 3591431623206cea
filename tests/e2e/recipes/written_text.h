// What people read of a note, from the form in which a CRM takes it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace relay::test {

// nullopt where it is not text with nothing but <br> and character references.
std::optional<std::string> PlainFromHtml(const std::string& html);

// nullopt where it is no Atlassian document of paragraphs.
std::optional<std::string> PlainFromAdf(const nlohmann::json& document);

std::size_t Characters(const std::string& utf8);

std::string Replaced(std::string text, const std::string& old, const std::string& by);

}  // namespace relay::test
