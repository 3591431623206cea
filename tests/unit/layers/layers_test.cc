// Folders are layers: a module includes only itself and earlier ones, and a third-party header
// appears in one layer only.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace relay {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kLayers{"base",   "model",  "decode",  "session", "expr",
                                       "config", "sql",    "store",   "action",  "deliver",
                                       "watch",  "intake", "gateway", "cli"};

// Who may include a library's header.
const std::map<std::string, std::vector<std::string>> kOwners{
    {"jq.h", {"expr"}},
    {"jv.h", {"expr"}},
    {"sqlite3.h", {"sql", "action"}},  // the store's, and a database that an operator names
    {"libpq-fe.h", {"action"}},
    {"mysql.h", {"action"}},
    {"sql.h", {"action"}},
    {"sqlext.h", {"action"}},
    {"curl/curl.h", {"action"}},
    {"fcgiapp.h", {"gateway"}},
    {"tinyxml2.h", {"decode"}},
    {"toml++/toml.h", {"config"}},
    {"CLI/CLI.hpp", {"cli"}},
    {"openssl/evp.h", {"base"}},
    {"date/tz.h", {"base"}},
    {"iconv.h", {"decode"}},
};

std::size_t Rank(const std::string& layer) {
  return static_cast<std::size_t>(std::find(kLayers.begin(), kLayers.end(), layer) -
                                  kLayers.begin());
}

std::vector<std::string> IncludesOf(const fs::path& file) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*["<]([^">]+)[">])re");
  std::vector<std::string> includes;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (std::regex_search(line, match, kInclude)) includes.push_back(match[1]);
  }
  return includes;
}

void Check(const fs::path& file, const std::string& layer) {
  for (const std::string& include : IncludesOf(file)) {
    const auto owner = kOwners.find(include);
    if (owner != kOwners.end()) {
      EXPECT_NE(std::find(owner->second.begin(), owner->second.end(), layer), owner->second.end())
          << file << " includes <" << include << ">";
    }
    const std::string other = include.substr(0, include.find('/'));
    if (Rank(other) < kLayers.size()) {
      EXPECT_LE(Rank(other), Rank(layer)) << file << " includes \"" << include << "\"";
    }
  }
}

TEST(Layers, IncludeOnlyThemselvesAndEarlierOnes) {
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(RELAY_SOURCE_DIR) / "src")) {
    const std::string extension = entry.path().extension();
    if (extension != ".h" && extension != ".cc") continue;
    const std::string layer = entry.path().parent_path().filename();
    if (layer == "src") continue;  // the mains only compose
    EXPECT_LT(Rank(layer), kLayers.size()) << layer << " is no layer";
    Check(entry.path(), layer);
    ++files;
  }
  EXPECT_GT(files, 50u);
}

}  // namespace
}  // namespace relay
