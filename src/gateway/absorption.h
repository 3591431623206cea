// One request that does not arrive at once: taken from its socket as it comes, never waiting, and
// kept in a file in memory from which libfcgi can read it once it is whole.
//
// For the loop's thread. Nothing of it survives the process.
#pragma once

#include <cstdint>
#include <optional>

#include "base/unique_fd.h"
#include "gateway/frame.h"
#include "intake/request.h"

namespace relay {

class Absorption {
 public:
  // Absent where no descriptor or memory is left for it.
  static std::optional<Absorption> Begin();

  enum class Progress {
    More,     // something was taken; the socket may hold more
    Nothing,  // the socket is empty
    Ended,    // the request is whole, or no more of it will be taken
    Invalid,  // it cannot be answered
  };

  // Takes a piece of at most 64 KiB, and nothing beyond the end of the request. When the body gets
  // larger than `max_body` its bytes are let go; what follows is taken and thrown away, so that the
  // reply reaches the peer and the connection can be used again.
  Progress Take(int socket, std::uint64_t max_body);

  // Lets go of the body and takes no more of it.
  void Refuse(BodyState state);

  // Bytes that it keeps in memory.
  std::uint64_t held() const { return held_; }

  // Complete where libfcgi is to judge; otherwise why the body was let go.
  BodyState refused() const { return refused_; }

  // The records of the request, to be read from their beginning. Where its body was let go they go
  // up to there, and have an end only if it was taken to its end.
  UniqueFd Records() &&;

 private:
  explicit Absorption(UniqueFd file) : file_(std::move(file)) {}
  bool Keep(std::string_view bytes);
  Progress End();

  UniqueFd file_;
  Framing framing_;
  std::uint64_t held_ = 0;
  BodyState refused_ = BodyState::Complete;
};

}  // namespace relay
