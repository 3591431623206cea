// The threads that try deliveries: jobs go in, what came of them comes out. They touch no store.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/trigger.h"
#include "deliver/job.h"

namespace relay {

class Workers {
 public:
  using Try = std::function<Outcome(Job&)>;  // throws nothing

  // Every thread makes its own Try. `ended` is notified whenever a job has ended.
  Workers(int count, const std::function<Try()>& make_try, Trigger& ended);
  ~Workers();  // waits for what is under way

  // For one thread, which gives and takes.
  std::size_t idle() const { return threads_.size() - busy_; }
  std::size_t busy() const { return busy_; }  // given and not yet taken back
  void Give(Job job);                         // only where one is idle
  std::vector<Ended> TakeEnded();

 private:
  void Work(const std::function<Try()>& make_try);

  Trigger& trigger_;
  std::size_t busy_ = 0;

  std::mutex mutex_;  // guards what follows
  std::condition_variable given_;
  std::deque<Job> jobs_;
  std::vector<Ended> ended_;
  bool closing_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace relay
