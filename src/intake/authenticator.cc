#include "intake/authenticator.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <cstring>
#include <stdexcept>

#include "base/base64.h"
#include "base/text.h"

namespace relay {
namespace {

constexpr auto kLookEvery = std::chrono::seconds(1);
constexpr std::size_t kRefusedRemembered = 4096;

Digest Random() {
  Digest bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("no random numbers can be had");
  }
  return bytes;
}

bool Matches(const std::string& password, const std::string& hash) {
  const auto data = std::make_unique<crypt_data>();
  const char* computed = crypt_r(password.c_str(), hash.c_str(), data.get());
  // One that failed is never equal to a hash: crypt(3).
  return computed != nullptr && std::strlen(computed) == hash.size() &&
         CRYPTO_memcmp(computed, hash.data(), hash.size()) == 0;
}

}  // namespace

Authenticator::Authenticator(std::filesystem::path file, Users users, const Log& log)
    : file_(std::move(file)),
      log_(log),
      salt_(Random()),
      users_(std::move(users)),
      stamp_(StampOf(file_)),
      looked_(std::chrono::steady_clock::now()) {}

std::optional<Authenticator::Credentials> Authenticator::CredentialsOf(const Request& request) {
  constexpr std::string_view kScheme = "basic ";
  const std::string* header = FindHeader(request, "Authorization");
  if (header == nullptr || ToLower(header->substr(0, kScheme.size())) != kScheme) {
    return std::nullopt;
  }
  const auto text = DecodeBase64(Trim(std::string_view(*header).substr(kScheme.size())));
  const auto colon = text ? text->find(':') : std::string::npos;
  // crypt(3) would take what stands before a NUL for all of it.
  if (colon == std::string::npos || text->find('\0') != std::string::npos) return std::nullopt;
  if (text->size() - colon > CRYPT_MAX_PASSPHRASE_SIZE) return std::nullopt;
  return Credentials{text->substr(0, colon), text->substr(colon + 1)};
}

Authenticator::Stamp Authenticator::StampOf(const std::filesystem::path& file) {
  struct stat found {};
  if (stat(file.c_str(), &found) != 0) return {};
  return {static_cast<std::int64_t>(found.st_ino), found.st_size,
          found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec};
}

Digest Authenticator::KeyOf(const Credentials& credentials) const {
  return Sha256({AsBytes(salt_), std::to_string(credentials.name.size()), ":", credentials.name,
                 credentials.password});
}

void Authenticator::LookAtFile() {
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_ < kLookEvery) return;
  looked_ = now;
  const Stamp stamp = StampOf(file_);
  if (stamp == stamp_) return;
  stamp_ = stamp;
  LoadedUsers loaded = LoadUsers(file_);
  if (loaded.problems.empty()) {
    users_ = std::move(loaded.users);
    known_.clear();
    refused_.clear();
    log_.Info("[intake] users_file was read again");
    return;
  }
  for (const std::string& problem : loaded.problems) log_.Error(problem);
  log_.Error("[intake] users_file was not read again; the users before stay");
}

std::unique_ptr<Authenticator> Authenticator::For(const IntakeConfig& config, const Log& log) {
  if (config.users_file.empty()) return nullptr;
  return std::make_unique<Authenticator>(config.users_file, config.users, log);
}

bool Authenticator::CheckKnown(Request& request) {
  if (request.method != "POST" || request.body_state != BodyState::Complete) return true;
  const auto credentials = CredentialsOf(request);
  if (!credentials) {
    request.access = Access::Denied;
    return true;
  }
  const Digest key = KeyOf(*credentials);
  const std::lock_guard lock(mutex_);
  LookAtFile();
  const auto known = known_.find(key);
  if (known == known_.end()) return false;
  request.access = known->second ? Access::Granted : Access::Denied;
  if (known->second) request.verified_user = credentials->name;
  return true;
}

void Authenticator::Check(Request& request) {
  if (CheckKnown(request)) return;  // perhaps whoever waited before had the same password
  const auto credentials = CredentialsOf(request);
  std::unique_lock lock(mutex_);
  const auto user = users_.find(credentials->name);
  const bool exists = user != users_.end();
  const std::string hash = exists ? user->second : users_.begin()->second;
  const Stamp stamp = stamp_;
  lock.unlock();
  const bool matches = Matches(credentials->password, hash);
  const bool granted = exists && matches;
  lock.lock();
  if (stamp == stamp_) Remember(KeyOf(*credentials), granted);
  request.access = granted ? Access::Granted : Access::Denied;
  if (granted) request.verified_user = credentials->name;
}

// Of each user one password is right; wrong ones have no end.
void Authenticator::Remember(const Digest& key, bool granted) {
  if (!known_.emplace(key, granted).second || granted) return;
  refused_.push_back(key);
  if (refused_.size() <= kRefusedRemembered) return;
  known_.erase(refused_.front());
  refused_.pop_front();
}

}  // namespace relay
