// Files that hold secrets, or say who may do something.
#pragma once

#include <filesystem>
#include <string>

namespace relay {

// Why a file of secrets (a password, a token, a key) is not private, and what to do: others can
// read it, or others than its owner can change it. A group may read it: the service does so where
// the file is root's. Empty where all is well, and for what is not there or is no regular file,
// such as a pipe.
std::string WhyNotPrivate(const std::filesystem::path& file);

// The same for a file that all may read, but not change.
std::string WhyNotGuarded(const std::filesystem::path& file);

}  // namespace relay
