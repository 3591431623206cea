// What most commands need: the configuration and the store, or an exit status that says why not.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/options.h"
#include "config/load.h"
#include "sql/connection.h"
#include "store/store.h"

namespace relay {

// Exit statuses, after sysexits.h.
inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 64;
inline constexpr int kExitConfig = 78;

// One line on stderr; what it returns is kExitFailed.
int Fail(const std::string& message);

struct Workplace {
  std::shared_ptr<const Config> config;
  std::unique_ptr<Store> store;
};

// The configuration alone. Absent: problems were printed, exit with kExitConfig.
std::shared_ptr<const Config> OpenConfig(const Options& options,
                                         Credentials credentials = Credentials::Needed);

// Without a file: Permanent for who wants to write; for who only reads an empty store, with a
// message on stderr.
Result<std::unique_ptr<Store>> OpenStore(const Config& config, sql::OpenMode mode);

// Without the credentials of a unit, where this is none. `exit_status` is set where nothing is
// returned.
std::optional<Workplace> OpenWorkplace(const Options& options, sql::OpenMode mode,
                                       int& exit_status);

// A decimal ID; absent where the text is none.
std::optional<std::int64_t> ParseId(const std::string& text);

}  // namespace relay
