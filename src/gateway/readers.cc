#include "gateway/readers.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <chrono>

namespace relay {
namespace {

// A peer that sends nothing for so long is given up; web servers have given up long before.
constexpr timeval kSilence{30, 0};

// A peer that sends a little now and then is given up after this.
constexpr auto kWholeRequest = std::chrono::seconds(120);

void MakeBlocking(int descriptor) {
  const int flags = fcntl(descriptor, F_GETFL);
  fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &kSilence, sizeof kSilence);
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &kSilence, sizeof kSilence);
}

}  // namespace

Readers::~Readers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    jobs_.clear();
    for (const Reading& reading : reading_) shutdown(reading.descriptor, SHUT_RDWR);
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Readers::Submit(UniqueFd connection, std::uint64_t max_body) {
  MakeBlocking(connection.get());
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back({std::move(connection), max_body});
    ++open_;
    const auto needed = static_cast<std::size_t>(idle_) < jobs_.size();
    if (needed && threads_.size() < static_cast<std::size_t>(most_)) {
      threads_.emplace_back([this] { Work(); });
    }
  }
  changed_.notify_one();
}

std::vector<Arrived> Readers::Collect() {
  const std::lock_guard lock(mutex_);
  open_ -= arrived_.size();
  return std::exchange(arrived_, {});
}

std::size_t Readers::waiting() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

void Readers::CutOverdue() {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  for (const Reading& reading : reading_) {
    if (reading.deadline < now) shutdown(reading.descriptor, SHUT_RDWR);
  }
}

void Readers::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    --idle_;
    if (stopping_) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    reading_.push_back({job.connection.get(), std::chrono::steady_clock::now() + kWholeRequest});
    lock.unlock();
    ReadOne(std::move(job));
    lock.lock();
  }
}

void Readers::ReadOne(Job job) {
  const int descriptor = job.connection.get();
  std::unique_ptr<FcgiExchange> exchange;
  Request request;
  try {
    exchange = FcgiExchange::Begin(std::move(job.connection));
    if (exchange != nullptr) request = exchange->Read(job.max_body);
  } catch (const std::exception&) {
    exchange
        .reset();  // out of memory: the peer sees the connection closed and knows nothing is kept
  }
  Finish(descriptor, std::move(exchange), std::move(request));
}

void Readers::Finish(int descriptor, std::unique_ptr<FcgiExchange> exchange, Request request) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(reading_, [&](const Reading& r) { return r.descriptor == descriptor; });
    if (exchange == nullptr) {
      --open_;
    } else {
      arrived_.push_back({std::move(exchange), std::move(request)});
    }
  }
  eventfd_write(wake_, 1);
}

}  // namespace relay
