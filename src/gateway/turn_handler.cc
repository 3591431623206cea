#include "gateway/turn_handler.h"

#include <fmt/format.h>

#include <utility>

namespace relay {

TurnHandler::TurnHandler(Handle handle, const Log& log) : handle_(std::move(handle)), log_(log) {
  thread_ = std::jthread([this](const std::stop_token& stop) { Work(stop); });
}

void TurnHandler::Give(std::vector<Arrived> turn) {
  busy_ = true;
  {
    const std::lock_guard lock(mutex_);
    turn_ = std::move(turn);
    given_ = true;
  }
  changed_.notify_all();
}

std::vector<TurnHandler::Answered> TurnHandler::Take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ended_; });
  wake_.Clear();
  ended_ = false;
  busy_ = false;
  return std::exchange(answered_, {});
}

void TurnHandler::Work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return given_; })) {
    given_ = false;
    std::vector<Arrived> turn = std::exchange(turn_, {});
    lock.unlock();
    std::vector<Answered> answered = Answer(std::move(turn));
    lock.lock();
    answered_ = std::move(answered);
    ended_ = true;
    changed_.notify_all();
    wake_.Raise();
  }
}

std::vector<TurnHandler::Answered> TurnHandler::Answer(std::vector<Arrived> turn) {
  std::vector<Answered> answered;
  try {
    std::vector<Request> requests;
    requests.reserve(turn.size());
    for (Arrived& arrived : turn) requests.push_back(std::move(arrived.request));
    std::vector<Reply> replies = handle_(requests);
    answered.reserve(turn.size());
    for (std::size_t i = 0; i < turn.size(); ++i) {
      answered.push_back({std::move(turn[i].exchange), std::move(replies.at(i))});
    }
  } catch (const std::exception& error) {
    log_.Error(fmt::format("a turn of the loop failed: {}", error.what()));
    answered.clear();
  }
  return answered;
}

}  // namespace relay
