#include "gateway/absorber.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace relay {
namespace {

// What is taken of one request before the others have their turn: 1 MiB.
constexpr int kPieces = 16;

}  // namespace

bool Absorber::Add(UniqueFd& connection) {
  auto absorption = Absorption::Begin();
  if (!absorption) return false;
  const int descriptor = connection.get();
  const auto now = Clock::now();
  partial_.emplace(descriptor, Partial{std::move(connection), std::move(*absorption), now, now});
  readable_.insert(descriptor);
  return true;
}

void Absorber::OnReadable(int connection) {
  if (partial_.contains(connection)) readable_.insert(connection);
}

void Absorber::Advance(std::uint64_t max_body) {
  if (readable_.empty() && !used_up_since_) return;
  budget_ = std::max(limits_.budget, 4 * max_body);
  Favour();
  for (auto next = readable_.begin(); next != readable_.end();) Visit(*next++, max_body);
}

bool Absorber::MayTake(int descriptor) const {
  if (!UsedUp() || favoured_ == descriptor) return true;
  return partial_.at(descriptor).absorption.refused() != BodyState::Complete;  // it keeps nothing
}

// The favoured one stays so until it is whole or cut. If another one could take its place, each of
// them would get over the budget a little.
void Absorber::Favour() {
  if (!UsedUp()) {
    favoured_.reset();
    used_up_since_.reset();
    return;
  }
  if (!used_up_since_) used_up_since_ = Clock::now();
  // What has ended makes room in this turn or the next.
  if (favoured_ || !ended_.empty()) return;
  for (const int descriptor : readable_) {
    if (MayTake(descriptor)) continue;
    if (!favoured_ || partial_.at(descriptor).began < partial_.at(*favoured_).began) {
      favoured_ = descriptor;
    }
  }
  favoured_since_ = Clock::now();
}

void Absorber::Visit(int descriptor, std::uint64_t max_body) {
  for (int i = 0; i < kPieces && MayTake(descriptor); ++i) {
    switch (TakePiece(partial_.at(descriptor), max_body)) {
      case Absorption::Progress::More:
        break;
      case Absorption::Progress::Nothing:
        readable_.erase(descriptor);
        return;
      case Absorption::Progress::Ended:
        End(descriptor);
        return;
      case Absorption::Progress::Invalid:
        log_.Warning("dropped a connection that does not speak FastCGI as a web server does");
        held_ -= Remove(descriptor).absorption.held();
        return;
    }
  }
}

Absorption::Progress Absorber::TakePiece(Partial& partial, std::uint64_t max_body) {
  const std::uint64_t before = partial.absorption.held();
  const auto progress = partial.absorption.Take(partial.connection.get(), max_body);
  held_ += partial.absorption.held() - before;
  if (progress == Absorption::Progress::More) partial.changed = Clock::now();
  return progress;
}

Absorber::Partial Absorber::Remove(int descriptor) {
  Partial partial = std::move(partial_.extract(descriptor).mapped());
  readable_.erase(descriptor);
  if (favoured_ == descriptor) favoured_.reset();
  return partial;
}

void Absorber::End(int descriptor) {
  ended_.push_back(Remove(descriptor));
}

std::optional<Arrived> Absorber::Next(std::uint64_t max_body) {
  while (!ended_.empty()) {
    Partial partial = std::move(ended_.front());
    ended_.pop_front();
    held_ -= partial.absorption.held();
    const BodyState refused = partial.absorption.refused();
    auto exchange = FcgiExchange::Begin(std::move(partial.absorption).Records());
    if (exchange == nullptr) continue;  // it has not come to its body: the connection is closed
    Request request = exchange->Read(max_body);
    if (refused != BodyState::Complete) request.body_state = refused;
    exchange->AnswerOn(std::move(partial.connection));
    return Arrived{std::move(exchange), std::move(request)};
  }
  return std::nullopt;
}

bool Absorber::Overdue(int descriptor, const Partial& partial) const {
  const auto now = Clock::now();
  const bool silent = !readable_.contains(descriptor);
  if (now - partial.began > limits_.whole) return true;
  if (silent && now - partial.changed > limits_.silence) return true;
  if (!used_up_since_) return false;
  if (favoured_ == descriptor) return now - favoured_since_ > limits_.stall;
  return silent && now - std::max(partial.changed, *used_up_since_) > limits_.stall;
}

void Absorber::GiveUpOverdue() {
  std::vector<int> overdue;
  for (const auto& [descriptor, partial] : partial_) {
    if (Overdue(descriptor, partial)) overdue.push_back(descriptor);
  }
  if (overdue.empty()) return;
  if (used_up_since_) {
    log_.Warning(fmt::format("requests that are not whole hold {} MiB; cut {} of them that stalled",
                             held_ >> 20, overdue.size()));
  }
  for (const int descriptor : overdue) {
    Absorption& absorption = partial_.at(descriptor).absorption;
    held_ -= absorption.held();
    absorption.Refuse(BodyState::TimedOut);
    held_ += absorption.held();
    End(descriptor);
  }
}

bool Absorber::busy() const {
  if (!ended_.empty()) return true;
  if (UsedUp() && !favoured_) return !readable_.empty();
  return std::any_of(readable_.begin(), readable_.end(), [this](int d) { return MayTake(d); });
}

}  // namespace relay
