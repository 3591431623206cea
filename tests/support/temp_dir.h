// A directory of its own for one test, removed with all it holds.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace relay::test {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // Writes a file into it and gives back its path.
  std::filesystem::path Write(std::string_view name, std::string_view content) const;
  // The same, as WriteSecret().
  std::filesystem::path WriteSecret(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

// Writes a file that nobody can read but the user the programs run as, who is another where the
// tests run as root.
void WriteSecret(const std::filesystem::path& file, std::string_view content);

std::string ReadFile(const std::filesystem::path& path);

}  // namespace relay::test
