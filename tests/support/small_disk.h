// A file system of a few MiB, in memory, that a test can fill up and free again. Only this process
// and the children it starts afterwards see it, and it goes when they do.
#pragma once

#include <cstddef>
#include <filesystem>

#include "support/temp_dir.h"

namespace relay::test {

class SmallDisk {
 public:
  // Throws where the system lets nobody mount anything. A user other than root needs user
  // namespaces for it, and may have started no thread yet.
  explicit SmallDisk(size_t bytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const std::filesystem::path& path() const { return dir_.path(); }

  // Takes all the room there is, but for so many bytes.
  void Fill(size_t leave) const;
  // Gives back what Fill() took.
  void MakeRoom() const;

 private:
  TempDir dir_;
};

}  // namespace relay::test
