#include "support/temp_dir.h"

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace relay::test {

namespace fs = std::filesystem;

TempDir::TempDir() {
  std::string name = (fs::temp_directory_path() / "relay-test-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::system_error(errno, std::generic_category(), name);
  path_ = name;
  // Servers started by root work as another user, who must get in.
  if (geteuid() == 0) fs::permissions(path_, fs::perms::all);
}

TempDir::~TempDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path TempDir::Write(std::string_view name, std::string_view content) const {
  fs::path file = path_ / name;
  std::ofstream out(file, std::ios::binary);
  out << content;
  if (!out.flush()) throw std::system_error(errno, std::generic_category(), file.string());
  return file;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

}  // namespace relay::test
