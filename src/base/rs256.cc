#include "base/rs256.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

namespace relay {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Instead of asking for the password of a key on the terminal.
int NoPassword(char*, int, int, void*) {
  return -1;
}

}  // namespace

Result<std::string> SignRs256(std::string_view text, const std::string& pem) {
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const std::unique_ptr<EVP_PKEY, Free> key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassword, nullptr));
  if (!key || EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA) {
    return Error{ErrorKind::Permanent, "the key is no RSA private key in PEM without a password"};
  }
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  std::string signature;
  const auto signs = [&](unsigned char* target) {
    return EVP_DigestSign(context.get(), target, &size, data, text.size()) == 1;
  };
  bool signed_it = context != nullptr && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(),
                                                            nullptr, key.get()) == 1;
  signed_it = signed_it && signs(nullptr);
  signature.resize(size);
  signed_it = signed_it && signs(reinterpret_cast<unsigned char*>(signature.data()));
  if (!signed_it) return Error{ErrorKind::Permanent, "the key does not sign"};
  signature.resize(size);
  return signature;
}

}  // namespace relay
