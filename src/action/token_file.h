// An access token that all processes of this machine share: a file of mode 0600, and a lock, so
// that one of them fetches a new one while the others wait for it.
//
// A crash leaves the old file or the new one, and no lock.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "action/patience.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"

namespace relay {

struct Token {
  std::string access_token;
  std::optional<Time> renew_at;  // absent: it lasts until it is refused
  Json more = Json::object();    // what else the answer said: instance_url
  std::string refresh_token;     // empty: the configured one is still good
};

class TokenFile {
 public:
  // `name` tells the files of one folder apart. The folder is made where it is missing.
  TokenFile(std::filesystem::path folder, const std::string& name)
      : folder_(std::move(folder)), path_(folder_ / name) {}

  // Absent where there is none, or what is there is not readable as one.
  std::optional<Token> Read() const;

  // Held until the descriptor is closed. Temporary where patience is over first, or where there can
  // be no lock.
  Result<UniqueFd> Lock(const Patience& patience) const;

  // Synced before it returns: a refresh token that was used up must not come back. Only with the
  // lock.
  Result<void> Write(const Token& token) const;

 private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

}  // namespace relay
