#include "base/private_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

namespace relay {
namespace {

std::string WhyOpen(const std::filesystem::path& file, unsigned forbidden) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return "";
  const unsigned open_to_others = status.st_mode & forbidden;
  if (open_to_others == 0) return "";
  return fmt::format("{} has mode {:04o}: others can {} it. Make it private: chmod 640 {}",
                     file.string(), status.st_mode & 07777u,
                     (open_to_others & S_IROTH) != 0 ? "read" : "change", file.string());
}

}  // namespace

std::string WhyNotPrivate(const std::filesystem::path& file) {
  return WhyOpen(file, S_IWGRP | S_IROTH | S_IWOTH);
}

std::string WhyNotGuarded(const std::filesystem::path& file) {
  return WhyOpen(file, S_IWOTH);
}

}  // namespace relay
