// What answers the requests: a service, replaced whole when the configuration is loaded again, or
// nobody as long as the store cannot be opened.
//
// Handle() may run in another thread than the rest, which then leaves Start() and Reload() alone
// until it has returned: see ServerCallbacks.
#pragma once

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "gateway/check_queue.h"
#include "gateway/service.h"
#include "intake/authenticator.h"
#include "intake/refusal.h"

namespace relay {

class Receiver {
 public:
  // `clock` and `log` must outlive it.
  Receiver(const Clock& clock, const Log& log) : clock_(clock), log_(log), outage_(log) {}
  ~Receiver();  // deliveries under way have some seconds to finish

  // Serves this configuration from now on. Where the store cannot be opened for now, posts are
  // answered 503 and it is tried again every second; any other error is the caller's.
  Result<void> Start(std::shared_ptr<const Config> config);

  // The same for a new configuration while it runs. Where its store cannot be opened, the one
  // before goes on. Does not wait for what is under way: old and new may overlap, since claims are
  // fenced.
  Result<void> Reload(std::shared_ptr<const Config> config);

  // One reply for each request, in order.
  std::vector<Reply> Handle(std::span<Request> requests);

  // What is to be found out in another thread before Handle(); empty where nothing is.
  CheckQueue::Check CheckFor(Request& request) const;

  const Config& config() const { return *config_; }

 private:
  void Configure(std::shared_ptr<const Config> config);
  void Serve(std::unique_ptr<Service> service);
  void OpenLater(const Error& why_not_now);
  void KeepOpening(const std::stop_token& stop);
  void Adopt();

  const Clock& clock_;
  const Log& log_;
  Outage outage_;
  std::shared_ptr<const Config> config_;
  std::shared_ptr<Authenticator> authenticator_;  // null where nobody is asked for a password
  std::unique_ptr<Service> service_;              // null as long as the store cannot be opened
  std::list<std::jthread> retiring_;              // end what served earlier configurations

  std::mutex mutex_;  // guards what follows
  std::condition_variable_any stopping_;
  std::unique_ptr<Service> opened_;  // to be adopted by Handle() or Reload()
  Error last_error_;
  std::jthread opener_;
};

}  // namespace relay
