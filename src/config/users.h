// Who may post, in the format of htpasswd(1): a name and the hash of a password on each line.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace relay {

// By name: the hash, as crypt(3) makes it.
using Users = std::map<std::string, std::string>;

struct LoadedUsers {
  Users users;
  std::vector<std::string> problems;  // "FILE:3: …", with neither a hash nor a password
};

// Taken are bcrypt, SHA-crypt, scrypt and yescrypt. A weaker hash is a problem, and so are a file
// that everybody can change and one that lets in nobody.
LoadedUsers LoadUsers(const std::filesystem::path& file);

}  // namespace relay
