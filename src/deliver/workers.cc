#include "deliver/workers.h"

#include <utility>

namespace relay {
namespace {

Ended Ending(Job& job, const Workers::Try& try_one) {
  const auto began = std::chrono::steady_clock::now();
  const Time received_at = job.post.post.raw.received_at;
  Outcome outcome = try_one(job);
  const auto took = std::chrono::steady_clock::now() - began;
  return {job.line,           std::move(job.claim),
          std::move(outcome), std::move(job.trace_id),
          received_at,        std::chrono::duration_cast<std::chrono::microseconds>(took)};
}

}  // namespace

Workers::Workers(int count, const std::function<Try()>& make_try, Trigger& ended)
    : trigger_(ended) {
  for (int i = 0; i < count; ++i) {
    threads_.emplace_back([this, make_try] { Work(make_try); });
  }
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  given_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::Give(Job job) {
  ++busy_;
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  given_.notify_one();
}

std::vector<Ended> Workers::TakeEnded() {
  std::vector<Ended> taken;
  {
    const std::lock_guard lock(mutex_);
    std::swap(taken, ended_);
  }
  busy_ -= taken.size();
  return taken;
}

void Workers::Work(const std::function<Try()>& make_try) {
  const Try try_one = make_try();
  std::unique_lock lock(mutex_);
  for (;;) {
    given_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    Ended ended = Ending(job, try_one);
    lock.lock();
    ended_.push_back(std::move(ended));
    trigger_.Notify();
  }
}

}  // namespace relay
