#include "support/temp_dir.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "support/web_server.h"

namespace relay::test {

namespace fs = std::filesystem;

namespace {

void WriteFile(const fs::path& file, std::string_view content) {
  std::ofstream out(file, std::ios::binary);
  out << content;
  if (!out.flush()) throw std::system_error(errno, std::generic_category(), file.string());
}

}  // namespace

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
  WriteFile(file, content);
  return file;
}

fs::path TempDir::WriteSecret(std::string_view name, std::string_view content) const {
  fs::path file = path_ / name;
  test::WriteSecret(file, content);
  return file;
}

void WriteSecret(const fs::path& file, std::string_view content) {
  WriteFile(file, content);
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  if (geteuid() != 0) return;
  const passwd* user = getpwnam(kWebUser);
  if (user == nullptr || chown(file.c_str(), user->pw_uid, user->pw_gid) != 0) {
    throw std::system_error(errno, std::generic_category(), "give away " + file.string());
  }
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

}  // namespace relay::test
