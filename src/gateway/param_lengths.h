// Follows the lengths in a stream of FastCGI parameters, to refuse those that libfcgi cannot take:
// it allocates what they announce before any of it has come, and two large ones overflow their sum.
// Pure. Source of the format: FastCGI specification 1.0, section 3.4.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace relay {

class ParamLengths {
 public:
  // `most` is what one parameter may have, name and value together.
  explicit ParamLengths(std::size_t most) : most_(most) {}

  // Takes the next bytes of the stream, in whatever pieces. False where a parameter is longer.
  bool Take(std::string_view content);

 private:
  const std::size_t most_;
  std::string lengths_;   // of the parameter that begins, as far as they have come
  std::size_t left_ = 0;  // of its name and value
};

}  // namespace relay
