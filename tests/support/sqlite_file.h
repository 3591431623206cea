// A SQLite file under the hands of a test: to look into a store, to damage it, to hold its lock.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace relay::test {

class SqliteFile {
 public:
  explicit SqliteFile(const std::filesystem::path& path) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(handle));
    sqlite3_busy_timeout(handle, 10'000);
  }

  // One or more statements; what they select is not wanted.
  void Run(const std::string& script) const {
    if (sqlite3_exec(handle_.get(), script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(handle_.get()));
    }
  }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace relay::test
