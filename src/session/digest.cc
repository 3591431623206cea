#include "session/digest.h"

#include <openssl/evp.h>

#include <memory>

namespace relay {

Digest Sha256(std::initializer_list<std::string_view> parts) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  bool ok = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  for (const std::string_view part : parts)
    ok = ok && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  Digest digest{};
  if (!ok || EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) return {};
  return digest;
}

}  // namespace relay
