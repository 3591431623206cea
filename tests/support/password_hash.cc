#include "support/password_hash.h"

#include <crypt.h>

#include <array>
#include <stdexcept>

namespace relay::test {

std::string PasswordHash(const std::string& password, const char* kind, unsigned long cost) {
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> salt{};
  crypt_data data{};
  if (crypt_gensalt_rn(kind, cost, nullptr, 0, salt.data(), salt.size()) == nullptr) {
    throw std::runtime_error("no salt of that kind");
  }
  return crypt_r(password.c_str(), salt.data(), &data);
}

}  // namespace relay::test
