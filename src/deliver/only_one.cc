#include "deliver/only_one.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace relay {

OnlyOne::OnlyOne(const std::string& store_path)
    : descriptor_(open((store_path + ".deliver").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  // Where the file cannot be made, nobody else could make it either: go on without.
  held_ = descriptor_ < 0 || flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
}

OnlyOne::~OnlyOne() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace relay
