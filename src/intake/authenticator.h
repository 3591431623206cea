// Who may post: HTTP Basic (RFC 7617) against a file of users.
//
// To compute a password's hash takes some 50 ms and is meant to. What was found out is remembered,
// as long as the file stays as it is: of all posts of a console only the first costs a hash, be its
// password right or wrong.
//
// Any thread.
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/log.h"
#include "base/sha256.h"
#include "config/config.h"
#include "intake/request.h"

namespace relay {

class Authenticator {
 public:
  // Null where the configuration names no file.
  static std::unique_ptr<Authenticator> For(const IntakeConfig& config, const Log& log);

  // `users` are those of the file, which is read again when it has changed. One that is wrong then
  // is logged, and the users before stay. `log` must outlive it.
  Authenticator(std::filesystem::path file, Users users, const Log& log);

  // Says in the request whether it is granted; false where only Check() can tell. One that is
  // refused for another reason is left alone.
  bool CheckKnown(Request& request);

  // The same, with all the time that it takes. A name that is unknown takes as long as one that is
  // known.
  void Check(Request& request);

 private:
  struct Credentials {
    std::string name;
    std::string password;
  };
  // Which version of a file it is.
  struct Stamp {
    std::int64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t changed = 0;  // ns
    auto operator<=>(const Stamp&) const = default;
  };

  static std::optional<Credentials> CredentialsOf(const Request& request);
  static Stamp StampOf(const std::filesystem::path& file);
  Digest KeyOf(const Credentials& credentials) const;
  void LookAtFile();
  void Remember(const Digest& key, bool granted);

  const std::filesystem::path file_;
  const Log& log_;
  const Digest salt_;  // so that what is remembered is of no use elsewhere

  std::mutex mutex_;  // guards what follows
  Users users_;
  Stamp stamp_;
  std::chrono::steady_clock::time_point looked_;
  std::map<Digest, bool> known_;
  std::deque<Digest> refused_;  // those of known_ that are not granted, the oldest first
};

}  // namespace relay
