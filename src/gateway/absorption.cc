#include "gateway/absorption.h"

#include <sys/mman.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <span>

namespace relay {
namespace {

// What is taken and thrown away of a body that is too large, in multiples of the limit.
constexpr std::uint64_t kDrainFactor = 8;

// The headers and padding of a body's records may take as much as the body, and so much more.
// Those that web servers send take a thousandth.
constexpr std::uint64_t kMoreFraming = std::uint64_t{2} << 20;

// Takes from the socket what was looked at before.
bool Receive(int socket, std::span<char> looked_at) {
  while (!looked_at.empty()) {
    const ssize_t count = recv(socket, looked_at.data(), looked_at.size(), MSG_DONTWAIT);
    if (count <= 0) return false;
    looked_at = looked_at.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

std::optional<Absorption> Absorption::Begin() {
  UniqueFd file(memfd_create("request", MFD_CLOEXEC));
  if (!file) return std::nullopt;
  return Absorption(std::move(file));
}

Absorption::Progress Absorption::Take(int socket, std::uint64_t max_body) {
  std::array<char, 65536> piece;  // NOLINT(*-member-init): what is looked at is filled
  const ssize_t count = recv(socket, piece.data(), piece.size(), MSG_PEEK | MSG_DONTWAIT);
  if (count < 0 && errno == EAGAIN) return Progress::Nothing;
  if (count <= 0) return Progress::Ended;  // libfcgi finds it cut short
  const std::size_t used = framing_.Take({piece.data(), static_cast<std::size_t>(count)});
  if (framing_.arrival() == Arrival::Invalid) return Progress::Invalid;
  if (!Receive(socket, {piece.data(), used}) || !Keep({piece.data(), used})) {
    return Progress::Invalid;
  }
  if (framing_.body() > max_body || held_ > 2 * max_body + kMoreFraming) {
    Refuse(BodyState::TooLarge);
  }
  if (framing_.arrival() == Arrival::Whole) return End();
  return framing_.body() / kDrainFactor > max_body ? Progress::Ended : Progress::More;
}

bool Absorption::Keep(std::string_view bytes) {
  if (refused_ != BodyState::Complete) return true;
  while (!bytes.empty()) {
    const ssize_t written = write(file_.get(), bytes.data(), bytes.size());
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    held_ += static_cast<std::uint64_t>(written);
  }
  return true;
}

Absorption::Progress Absorption::End() {
  if (refused_ == BodyState::Complete) return Progress::Ended;
  const std::string end = framing_.EndOfBody();
  const bool written = write(file_.get(), end.data(), end.size()) == std::ssize(end);
  return written ? Progress::Ended : Progress::Invalid;
}

void Absorption::Refuse(BodyState state) {
  if (refused_ != BodyState::Complete) return;
  refused_ = state;
  held_ = framing_.head();
  const auto head = static_cast<off_t>(held_);
  // Without its file the request cannot be answered, which is better than with a part of its body.
  if (ftruncate(file_.get(), head) != 0 || lseek(file_.get(), head, SEEK_SET) != head)
    file_.Reset();
}

UniqueFd Absorption::Records() && {
  lseek(file_.get(), 0, SEEK_SET);
  return std::move(file_);
}

}  // namespace relay
