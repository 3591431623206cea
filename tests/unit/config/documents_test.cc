// The configurations that the documents show are loaded as they stand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "config/load.h"
#include "support/password_hash.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

// What stands in ```toml blocks, without the indentation they have in lists.
std::vector<std::string> TomlOf(const std::string& document) {
  std::vector<std::string> blocks;
  std::optional<std::string> block;
  std::istringstream lines(document);
  for (std::string line; std::getline(lines, line);) {
    const auto text = line.find_first_not_of(' ');
    const std::string trimmed = text == std::string::npos ? "" : line.substr(text);
    if (!block && trimmed == "```toml") {
      block = "";
    } else if (block && trimmed == "```") {
      blocks.push_back(*std::exchange(block, std::nullopt));
    } else if (block) {
      *block += trimmed + "\n";
    }
  }
  return blocks;
}

TEST(Documents, TheirConfigurationsLoad) {
  const fs::path source = RELAY_SOURCE_DIR;
  std::vector<fs::path> documents{source / "README.md"};
  for (const auto& entry : fs::directory_iterator(source / "docs")) documents.push_back(entry);
  std::size_t loaded = 0;
  for (const fs::path& document : documents) {
    for (const std::string& toml : TomlOf(test::ReadFile(document))) {
      const test::TempDir etc;
      etc.WriteSecret("crm_token", "token\n");
      etc.Write("htpasswd", "rescue:" + test::PasswordHash("secret") + "\n");
      const auto file =
          etc.Write("relay.toml",
                    std::regex_replace(toml, std::regex("/etc/rescue-relay"), etc.path().string()));
      const LoadedConfig config = LoadConfig(
          file.string(), [](const std::string&) { return std::optional<std::string>(); });
      ++loaded;
      EXPECT_THAT(config.problems, IsEmpty()) << document << "\n" << toml;
      if (!config.config) continue;
      EXPECT_THAT(CheckExpressions(*config.config), IsEmpty()) << toml;
    }
  }
  EXPECT_GE(loaded, 5u) << "they are not found any more";
}

}  // namespace
}  // namespace relay
