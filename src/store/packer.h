// The long texts of a post as they stand in the store: each a zstd frame (RFC 8878) with its
// checksum, an empty one as it is. What is packed takes a third of the space, of the writes and of
// the syncs.
//
// Belongs to one thread at a time; keeps zstd's working memory between calls.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

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
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
    void operator()(ZSTD_DCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> packing_;
  std::unique_ptr<ZSTD_DCtx_s, Free> unpacking_;
};

}  // namespace relay
