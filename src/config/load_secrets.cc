#include "config/load_secrets.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/private_file.h"
#include "base/text.h"
#include "base/unique_fd.h"

namespace relay {
namespace {

const std::string kCredentials = "CREDENTIALS_DIRECTORY";

// Far over any key or certificate; a device has no end.
constexpr std::size_t kLargest = 1u << 20;

std::string WithoutLineEnd(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

Error Unreadable(const std::filesystem::path& path, const std::string& why) {
  return {ErrorKind::BadInput, fmt::format("cannot read {}: {}", path.string(), why)};
}

Error Refused(const std::filesystem::path& path) {
  return Unreadable(path, std::generic_category().message(errno));
}

Result<UniqueFd> Open(const std::filesystem::path& path) {
  UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return Refused(path);
  return file;
}

Result<std::string> ReadAll(const UniqueFd& file, const std::filesystem::path& path) {
  std::string text;
  char part[4096];
  ssize_t got = 0;
  while ((got = read(file.get(), part, sizeof part)) > 0) {
    text.append(part, static_cast<std::size_t>(got));
    if (text.size() > kLargest) return Unreadable(path, "it is larger than 1 MiB");
  }
  if (got < 0) return Refused(path);
  if (text.empty()) return Unreadable(path, "it is empty");
  return WithoutLineEnd(std::move(text));
}

Result<std::string> FromFile(const std::filesystem::path& path) {
  const auto file = Open(path);
  if (!file) return file.error();
  if (std::string why = WhyNotPrivate(path); !why.empty()) {
    return Error{ErrorKind::BadInput, std::move(why)};
  }
  return ReadAll(*file, path);
}

Result<std::string> FromCredential(const std::string& name, const Environment& environment) {
  const auto folder = environment(kCredentials);
  if (!folder) {
    return Error{
        ErrorKind::BadInput,
        "CREDENTIALS_DIRECTORY is not set; systemd sets it for units with LoadCredential="};
  }
  // Their modes are systemd's business.
  const auto path = std::filesystem::path(*folder) / name;
  const auto file = Open(path);
  if (!file) return file.error();
  return ReadAll(*file, path);
}

Result<std::string> FromEnvironment(const std::string& name, const Environment& environment) {
  auto value = environment(name);
  if (!value) return Error{ErrorKind::BadInput, "the environment has no " + name};
  return std::move(*value);
}

// Absent: a credential that nobody has given and nobody needs.
Result<std::optional<std::string>> LoadSecret(TableReader& secret,
                                              const std::filesystem::path& folder,
                                              const Environment& environment,
                                              Credentials credentials) {
  const auto file = secret.String("file");
  const auto variable = secret.String("env");
  const auto credential = secret.String("credential");
  secret.Finish();
  if (int{file.has_value()} + int{variable.has_value()} + int{credential.has_value()} != 1) {
    return Error{ErrorKind::BadInput, "must have exactly one of file, env and credential"};
  }
  if (credential && credentials == Credentials::WhereGiven && !environment(kCredentials)) {
    return std::optional<std::string>();
  }
  auto value = file       ? FromFile(folder / *file)
               : variable ? FromEnvironment(*variable, environment)
                          : FromCredential(*credential, environment);
  if (!value) return value.error();
  if (!IsUtf8(*value)) return Error{ErrorKind::BadInput, "is not UTF-8 text"};
  return std::optional(std::move(*value));
}

}  // namespace

Json LoadSecrets(const toml::table* table, const Environment& environment, Credentials credentials,
                 ProblemList& problems) {
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
    const auto value = LoadSecret(secret, folder, environment, credentials);
    if (!value) {
      problems.Add(LineOf(node), where + ": " + value.error().message);
    } else if (*value) {
      secrets[name] = **value;
    }
  }
  return secrets;
}

}  // namespace relay
