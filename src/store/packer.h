// The long texts of a post as they stand in the store: each an LZ4 frame with its length and a
// checksum (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md), an empty one as it is.
// What is packed takes half of the space, of the writes and of the syncs; zstd would take a third,
// and three times as long.
//
// Belongs to one thread at a time; keeps LZ4's working memory between calls.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct LZ4F_dctx_s;

namespace relay {

class Packer {
 public:
  Packer();
  ~Packer();
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;

  Result<std::string> Pack(std::string_view text);
  // Corrupt where it is not what Pack() returned.
  Result<std::string> Unpack(std::string_view packed);

 private:
  Result<std::string> UnpackFrame(std::string_view packed);

  struct Free {
    void operator()(LZ4F_dctx_s* context) const;
  };
  std::unique_ptr<LZ4F_dctx_s, Free> unpacking_;
};

}  // namespace relay
