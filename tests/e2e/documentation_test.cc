// Every configuration that the documentation shows, as `rescue-relay check` sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "e2e/deployment.h"

namespace relay::test {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Example {
  std::string page;
  std::string place;  // page:line
  std::string toml;
};

std::vector<std::filesystem::path> Pages() {
  const std::filesystem::path source = RELAY_SOURCE_DIR;
  std::vector<std::filesystem::path> pages = {source / "README.md"};
  for (const auto& entry : std::filesystem::directory_iterator(source / "docs")) {
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  }
  return pages;
}

// What stands between ```toml and ```, each line without the indentation of a list.
std::vector<Example> ExamplesOf(const std::filesystem::path& page) {
  std::vector<Example> examples;
  std::ifstream file(page);
  bool within = false;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    line.erase(0, line.find_first_not_of(' '));
    if (line == "```toml") {
      examples.push_back({page.filename(), page.filename().string() + ":" + std::to_string(number),
                          std::string(number, '\n')});
      within = true;
    } else if (line == "```") {
      within = false;
    } else if (within) {
      examples.back().toml += line + "\n";
    }
  }
  return examples;
}

// Absolute paths lead into `folder`, where what they name is.
std::string Within(const std::filesystem::path& folder, const std::string& toml) {
  static const std::regex absolute(R"re("(sqlite:)?/[a-z/-]*/([^/"]*)")re");
  return std::regex_replace(toml, absolute, "\"$1" + folder.string() + "/$2\"");
}

class Documentation : public testing::Test {
 protected:
  Documentation() {
    for (const char* secret : {"crm_token", "api_token"}) dir_.WriteSecret(secret, "s3cret\n");
    dir_.WriteSecret("htpasswd",
                     "rescue:$2y$05$abcdefghijklmnopqrstuuS1KSTRaXDyUdTjwz9JwzjvgYKQnd2hG\n");
    const auto program = dir_.Write("on-session", "#!/bin/sh\n");
    std::filesystem::permissions(program, std::filesystem::perms(0755));
  }
  TempDir dir_;
  const Installation installation_{""};
};

TEST_F(Documentation, ShowsConfigurationsThatHold) {
  int seen = 0;
  for (const auto& page : Pages()) {
    for (const Example& example : ExamplesOf(page)) {
      SCOPED_TRACE(example.place);
      std::string toml = Within(dir_.path(), example.toml);
      if (toml.find("[store]") == std::string::npos) {
        toml += "[store]\nurl = \"sqlite:" + (dir_.path() / "relay.db").string() + "\"\n";
      }
      const auto file = dir_.Write("relay.toml", toml);
      const Finished found = installation_.Relay({"check", "-c", file});
      EXPECT_EQ(found.code, 0) << found.err;
      ++seen;
    }
  }
  EXPECT_GE(seen, 9);
}

// Else it would go unseen by the test above.
TEST_F(Documentation, ShowsNoConfigurationButAsToml) {
  const std::regex table(R"(^ {4,}\[(\[?[a-z_.]+\]?)\]$)");
  for (const auto& page : Pages()) {
    std::ifstream file(page);
    for (std::string line; std::getline(file, line);) {
      std::smatch found;
      if (!std::regex_match(line, found, table)) continue;
      EXPECT_EQ(found[1], "Service") << page << ": " << line;
    }
  }
}

}  // namespace
}  // namespace relay::test
