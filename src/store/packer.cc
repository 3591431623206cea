#include "store/packer.h"

#include <lz4frame.h>

#include <new>

namespace relay {
namespace {

// A byte of LZ4 stands for 255 at most: a length that says more, before anything of it is read, is
// wrong.
constexpr unsigned long long kMostGrowth = 255;

LZ4F_preferences_t Preferences(std::size_t length) {
  LZ4F_preferences_t preferences = LZ4F_INIT_PREFERENCES;
  preferences.frameInfo.contentSize = length;
  preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  return preferences;
}

Error NotPacked(const std::string& why) {
  return {ErrorKind::Corrupt, "unpack: " + why};
}

}  // namespace

void Packer::Free::operator()(LZ4F_dctx_s* context) const {
  LZ4F_freeDecompressionContext(context);
}

Packer::Packer() {
  LZ4F_dctx* context = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) != 0) {
    throw std::bad_alloc();
  }
  unpacking_.reset(context);
}

Packer::~Packer() = default;

Result<std::string> Packer::Pack(std::string_view text) {
  if (text.empty()) return std::string();
  const LZ4F_preferences_t preferences = Preferences(text.size());
  std::string packed(LZ4F_compressFrameBound(text.size(), &preferences), '\0');
  const std::size_t size =
      LZ4F_compressFrame(packed.data(), packed.size(), text.data(), text.size(), &preferences);
  if (LZ4F_isError(size) != 0) {
    return Error{ErrorKind::Temporary, std::string("pack: ") + LZ4F_getErrorName(size)};
  }
  packed.resize(size);
  return packed;
}

Result<std::string> Packer::Unpack(std::string_view packed) {
  if (packed.empty()) return std::string();
  auto text = UnpackFrame(packed);
  // What is left of a frame that is damaged must not meet the next one.
  if (!text) LZ4F_resetDecompressionContext(unpacking_.get());
  return text;
}

Result<std::string> Packer::UnpackFrame(std::string_view packed) {
  LZ4F_frameInfo_t info{};
  std::size_t taken = packed.size();
  std::size_t result = LZ4F_getFrameInfo(unpacking_.get(), &info, packed.data(), &taken);
  if (LZ4F_isError(result) != 0) return NotPacked(LZ4F_getErrorName(result));
  if (info.contentSize == 0 || info.contentSize > packed.size() * kMostGrowth) {
    return NotPacked("its length cannot be right");
  }
  packed.remove_prefix(taken);
  std::string text(info.contentSize, '\0');
  std::size_t size = text.size();
  taken = packed.size();
  result = LZ4F_decompress(unpacking_.get(), text.data(), &size, packed.data(), &taken, nullptr);
  if (LZ4F_isError(result) != 0) return NotPacked(LZ4F_getErrorName(result));
  if (result != 0 || size != text.size() || taken != packed.size()) {
    return NotPacked("it does not end where it should");
  }
  return text;
}

}  // namespace relay
