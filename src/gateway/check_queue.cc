#include "gateway/check_queue.h"

#include <arpa/inet.h>

#include <array>

namespace relay {
namespace {

std::string PeerOf(const std::string& address) {
  std::array<char, 16> bytes{};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
  return {bytes.data(), 8};
}

}  // namespace

CheckQueue::CheckQueue() {
  thread_ = std::jthread([this](const std::stop_token& stop) { Work(stop); });
}

bool CheckQueue::Add(Arrived& arrived, Check check) {
  const std::string peer = PeerOf(arrived.request.remote_addr);
  if (count_ >= kMost || bytes_ >= kMostBytes) return false;
  const std::size_t size = arrived.request.body.size();
  {
    const std::lock_guard lock(mutex_);
    auto& of_peer = waiting_[peer];
    if (of_peer.size() >= kMostOfAddress) return false;
    if (of_peer.empty()) turns_.push_back(peer);
    of_peer.push_back({std::move(arrived), std::move(check)});
  }
  ++count_;
  bytes_ += size;
  added_.notify_one();
  return true;
}

CheckQueue::Waiting CheckQueue::TakeNext() {
  const std::string peer = std::move(turns_.front());
  turns_.pop_front();
  const auto found = waiting_.find(peer);
  Waiting next = std::move(found->second.front());
  found->second.pop_front();
  if (found->second.empty()) {
    waiting_.erase(found);
  } else {
    turns_.push_back(peer);
  }
  return next;
}

void CheckQueue::Work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto anyone = [this] { return !turns_.empty(); };
  while (added_.wait(lock, stop, anyone) && !stop.stop_requested()) {
    Waiting next = TakeNext();
    lock.unlock();
    try {
      next.check(next.arrived.request);
    } catch (const std::exception&) {
      next.arrived.request.access = Access::Busy;  // 503, as for whatever cannot be done for now
    }
    lock.lock();
    checked_.push_back(std::move(next.arrived));
    wake_.Raise();
  }
}

std::vector<Arrived> CheckQueue::Collect() {
  wake_.Clear();
  std::vector<Arrived> checked;
  {
    const std::lock_guard lock(mutex_);
    checked.swap(checked_);
  }
  count_ -= checked.size();
  for (const Arrived& arrived : checked) bytes_ -= arrived.request.body.size();
  return checked;
}

}  // namespace relay
