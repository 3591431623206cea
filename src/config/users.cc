#include "config/users.h"

#include <crypt.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/private_file.h"
#include "base/text.h"

namespace relay {
namespace {

constexpr const char* kHowTo = "make one with `htpasswd -B` or `mkpasswd`";

struct Kind {
  std::string_view prefix;
  std::size_t length;  // of what follows the last "$"
};

// See crypt(5).
constexpr Kind kStrong[] = {{"$y$", 43},  {"$gy$", 43}, {"$7$", 43}, {"$2b$", 53},
                            {"$2y$", 53}, {"$2a$", 53}, {"$6$", 86}, {"$5$", 43}};

// Empty where the hash is good.
std::string WhatIsWrongWith(const std::string& hash) {
  for (const Kind& kind : kStrong) {
    if (!hash.starts_with(kind.prefix)) continue;
    const bool whole = hash.size() - hash.rfind('$') - 1 == kind.length;
    return whole && crypt_checksalt(hash.c_str()) != CRYPT_SALT_INVALID ? ""
                                                                        : "the hash is damaged";
  }
  if (hash.starts_with("$apr1$") || hash.starts_with("$1$")) {
    return fmt::format("MD5 is refused: such passwords are guessed fast; {}", kHowTo);
  }
  if (hash.starts_with("{SHA}") || hash.starts_with("{SSHA}")) {
    return fmt::format("SHA-1 is refused: such passwords are guessed fast; {}", kHowTo);
  }
  return fmt::format("a password in the open, or a hash of a kind that is refused; {}", kHowTo);
}

// Empty where the line is good or says nothing.
std::string TakeLine(std::string_view line, Users& users) {
  if (line.empty() || line.starts_with('#')) return "";
  const auto colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) return "must be NAME:HASH";
  // nginx has a comment after a second colon.
  const std::string_view rest = line.substr(colon + 1);
  const std::string hash(rest.substr(0, rest.find(':')));
  std::string wrong = WhatIsWrongWith(hash);
  if (!wrong.empty()) return wrong;
  const bool is_new = users.emplace(line.substr(0, colon), hash).second;
  return is_new ? "" : "the name stands in the file twice";
}

}  // namespace

LoadedUsers LoadUsers(const std::filesystem::path& file) {
  LoadedUsers loaded;
  if (std::string why = WhyNotGuarded(file); !why.empty()) {
    loaded.problems.push_back(std::move(why));
    return loaded;
  }
  errno = 0;
  std::ifstream stream(file);
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    const std::string wrong = TakeLine(Trim(line), loaded.users);
    if (wrong.empty()) continue;
    loaded.problems.push_back(fmt::format("{}:{}: {}", file.string(), number, wrong));
  }
  if (!loaded.users.empty() || !loaded.problems.empty()) return loaded;
  const char* why = errno == 0 ? "it has no users: nobody could post" : std::strerror(errno);
  loaded.problems.push_back(fmt::format("cannot read {}: {}", file.string(), why));
  return loaded;
}

}  // namespace relay
