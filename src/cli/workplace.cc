#include "cli/workplace.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "store/sqlite_store.h"

namespace relay {

int Fail(const std::string& message) {
  fmt::print(stderr, "rescue-relay: {}\n", message);
  return kExitFailed;
}

std::shared_ptr<const Config> OpenConfig(const Options& options) {
  LoadedConfig loaded = LoadConfig(options.config, ProcessEnvironment());
  for (const std::string& problem : loaded.problems) fmt::print(stderr, "{}\n", problem);
  if (!loaded.config) return nullptr;
  return std::make_shared<const Config>(std::move(*loaded.config));
}

std::optional<Workplace> OpenWorkplace(const Options& options, sql::OpenMode mode,
                                       int& exit_status) {
  Workplace place;
  place.config = OpenConfig(options);
  if (!place.config) {
    exit_status = kExitConfig;
    return std::nullopt;
  }
  const std::string& path = place.config->store.path;
  std::error_code error;
  // An operator's command makes no store: it would belong to the wrong user.
  if (!std::filesystem::exists(path, error)) {
    exit_status =
        Fail("there is no store at " + path + " yet; script.fcgi makes it when it is first run");
    return std::nullopt;
  }
  auto store = SqliteStore::Open(path, mode);
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
