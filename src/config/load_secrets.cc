#include "config/load_secrets.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/text.h"

namespace relay {
namespace {

// Far over any key or certificate; a device has no end.
constexpr std::size_t kLargest = 1u << 20;

std::string WithoutLineEnd(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

Result<std::string> ReadFile(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(kLargest + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  const auto unreadable = [&](const char* why) {
    return Error{ErrorKind::BadInput, fmt::format("cannot read {}: {}", path.string(), why)};
  };
  if (text.size() > kLargest) return unreadable("it is larger than 1 MiB");
  if (text.empty()) return unreadable(errno == 0 ? "it is empty" : std::strerror(errno));
  return WithoutLineEnd(std::move(text));
}

Result<std::string> FromCredential(const std::string& name, const Environment& environment) {
  const auto folder = environment("CREDENTIALS_DIRECTORY");
  if (!folder) {
    return Error{
        ErrorKind::BadInput,
        "CREDENTIALS_DIRECTORY is not set; systemd sets it for units with LoadCredential="};
  }
  return ReadFile(std::filesystem::path(*folder) / name);
}

Result<std::string> FromEnvironment(const std::string& name, const Environment& environment) {
  auto value = environment(name);
  if (!value) return Error{ErrorKind::BadInput, "the environment has no " + name};
  return std::move(*value);
}

Result<std::string> LoadSecret(TableReader& secret, const std::filesystem::path& folder,
                               const Environment& environment) {
  const auto file = secret.String("file");
  const auto variable = secret.String("env");
  const auto credential = secret.String("credential");
  secret.Finish();
  if (int{file.has_value()} + int{variable.has_value()} + int{credential.has_value()} != 1) {
    return Error{ErrorKind::BadInput, "must have exactly one of file, env and credential"};
  }
  if (file) return ReadFile(folder / *file);
  return variable ? FromEnvironment(*variable, environment)
                  : FromCredential(*credential, environment);
}

}  // namespace

Json LoadSecrets(const toml::table* table, const Environment& environment, ProblemList& problems) {
  Json secrets = Json::object();
  if (table == nullptr) return secrets;
  const auto folder = std::filesystem::path(problems.file()).parent_path();
  for (const auto& [key, node] : *table) {
    const std::string name(key.str());
    const std::string where = fmt::format("secret \"{}\"", name);
    if (node.as_table() == nullptr) {
      problems.Add(LineOf(node),
                   where + ": must be { file = … }, { env = … } or { credential = … }");
      continue;
    }
    TableReader secret(node.as_table(), where, problems);
    auto value = LoadSecret(secret, folder, environment);
    if (value && !IsUtf8(*value)) value = Error{ErrorKind::BadInput, "is not UTF-8 text"};
    if (value) {
      secrets[name] = *value;
    } else {
      problems.Add(LineOf(node), where + ": " + value.error().message);
    }
  }
  return secrets;
}

}  // namespace relay
