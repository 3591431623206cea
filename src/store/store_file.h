// The file of a SQLite store, as the file system knows it. Any thread.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace relay {

// Tells a file from another that was put in its place.
struct FileIdentity {
  dev_t device;
  ino_t inode;
  bool operator==(const FileIdentity&) const = default;
};

// Absent where nothing is at the path, or its folder cannot be searched.
std::optional<FileIdentity> IdentityOf(const std::string& path);

// Where nothing is at the path: an empty file, which is an empty database, for its owner alone.
// SQLite gives its -wal and -shm the same mode. Whatever prevents it, SQLite will say.
void MakePrivateFile(const std::string& path);

// Renames a database that cannot be read, with its -wal and -shm, to "<path>.damaged-<time>", so
// that another can be made in its place and nothing of it is lost. `still_damaged` is asked while
// no other process of this program can be doing the same: where it says no, nothing is renamed.
// Returns the new name; empty where nothing was renamed. After a crash in the middle, what was not
// renamed yet is found by the next call.
Result<std::string> SetAside(const std::string& path, const std::function<bool()>& still_damaged);

}  // namespace relay
