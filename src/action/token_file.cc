#include "action/token_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/write_all.h"

namespace relay {
namespace {

constexpr auto kAskForLockEvery = std::chrono::milliseconds(20);

Error Failed(const char* doing, const std::filesystem::path& path) {
  const std::string why = std::strerror(errno);
  return {ErrorKind::Temporary, fmt::format("{} {}: {}", doing, path.string(), why)};
}

}  // namespace

std::optional<Token> TokenFile::Read() const {
  std::ifstream file(path_, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    Token token{json.at("access_token"), {}, json.at("more"), json.at("refresh_token")};
    const Json& renew_at = json.at("renew_at");
    if (!renew_at.is_null()) token.renew_at = Time(Duration(renew_at.get<std::int64_t>()));
    return token;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

Result<UniqueFd> TokenFile::Lock(const Patience& patience) const {
  if (mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) return Failed("create", folder_);
  const std::filesystem::path path = path_.string() + ".lock";
  UniqueFd lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return Failed("open", path);
  while (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return Failed("lock", path);
    if (patience.over()) {
      return Error{ErrorKind::Temporary, "another worker is fetching an access token"};
    }
    std::this_thread::sleep_for(kAskForLockEvery);
  }
  return lock;
}

Result<void> TokenFile::Write(const Token& token) const {
  const Json json{
      {"access_token", token.access_token},
      {"renew_at", token.renew_at ? Json(token.renew_at->time_since_epoch().count()) : Json()},
      {"more", token.more},
      {"refresh_token", token.refresh_token}};
  const std::filesystem::path fresh = path_.string() + ".new";
  const UniqueFd file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file) return Failed("create", fresh);
  if (!WriteAll(file.get(), ToText(json)) || fsync(file.get()) != 0) return Failed("write", fresh);
  if (rename(fresh.c_str(), path_.c_str()) != 0) return Failed("replace", path_);
  const UniqueFd folder(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || fsync(folder.get()) != 0) return Failed("sync", folder_);
  return {};
}

}  // namespace relay
