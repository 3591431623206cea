#include "base/uuid.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <new>

namespace relay {
namespace {

// 8ac74a31-c32b-5d65-9f9e-6d7786773d56
constexpr std::array<unsigned char, 16> kNamespace{0x8a, 0xc7, 0x4a, 0x31, 0xc3, 0x2b, 0x5d, 0x65,
                                                   0x9f, 0x9e, 0x6d, 0x77, 0x86, 0x77, 0x3d, 0x56};

}  // namespace

std::string NameUuid(std::string_view name) {
  std::string bytes(kNamespace.begin(), kNamespace.end());
  bytes += name;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  // libcrypto's SHA-1 fails only where memory cannot be had.
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  constexpr std::size_t kLength = 16;
  digest[6] = static_cast<unsigned char>((digest[6] & 0x0F) | 0x50);  // the version
  digest[8] = static_cast<unsigned char>((digest[8] & 0x3F) | 0x80);  // the variant
  std::string text;
  for (std::size_t i = 0; i < kLength; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", digest[i]);
  }
  return text;
}

}  // namespace relay
