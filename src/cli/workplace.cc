#include "cli/workplace.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <thread>

#include "store/sqlite_store.h"

namespace relay {

int Fail(const std::string& message) {
  fmt::print(stderr, "rescue-relay: {}\n", message);
  return kExitFailed;
}

std::shared_ptr<const Config> OpenConfig(const Options& options, Credentials credentials) {
  LoadedConfig loaded = LoadConfig(options.config, ProcessEnvironment(), credentials);
  for (const std::string& problem : loaded.problems) fmt::print(stderr, "{}\n", problem);
  if (!loaded.config) return nullptr;
  return std::make_shared<const Config>(std::move(*loaded.config));
}

// An operator's command makes no store: it would belong to the wrong user. Before the first post
// there is nothing to list, and that is no failure.
Result<std::unique_ptr<Store>> OpenStore(const Config& config, sql::OpenMode mode) {
  const std::string& path = config.store.path;
  const auto open = [&mode](const std::string& file) -> Result<std::unique_ptr<Store>> {
    auto store = SqliteStore::Open(file, mode);
    if (!store) return store.error();
    return std::unique_ptr<Store>(std::move(*store));
  };
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    auto store = open(path);
    // It may be in the making at this moment.
    for (int i = 0; i < 20 && !store && store.error().kind == ErrorKind::Temporary; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      store = open(path);
    }
    return store;
  }
  const std::string missing =
      "there is no store at " + path + " yet; script.fcgi makes it when it is first run";
  if (mode == sql::OpenMode::ReadWrite) return Error{ErrorKind::Permanent, missing};
  fmt::print(stderr, "rescue-relay: {}\n", missing);
  mode = sql::OpenMode::ReadWrite;
  return open(":memory:");
}

std::optional<Workplace> OpenWorkplace(const Options& options, sql::OpenMode mode,
                                       int& exit_status) {
  Workplace place;
  place.config = OpenConfig(options, Credentials::WhereGiven);
  if (!place.config) {
    exit_status = kExitConfig;
    return std::nullopt;
  }
  auto store = OpenStore(*place.config, mode);
  if (!store) {
    exit_status = Fail(store.error().message);
    return std::nullopt;
  }
  place.store = std::move(*store);
  return place;
}

std::optional<std::int64_t> ParseId(const std::string& text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id < 1) return std::nullopt;
  return id;
}

}  // namespace relay
