#include "gateway/receiver.h"

#include <utility>

#include "intake/cross_origin.h"

namespace relay {
namespace {

constexpr auto kOpenAgainAfter = std::chrono::seconds(1);

}  // namespace

Receiver::~Receiver() {
  opener_ = {};
}

void Receiver::Configure(std::shared_ptr<const Config> config) {
  config_ = std::move(config);
  authenticator_ = Authenticator::For(config_->intake, log_);
}

Result<void> Receiver::Start(std::shared_ptr<const Config> config) {
  Configure(std::move(config));
  auto service = Service::Open(config_, clock_, log_);
  if (service) {
    Serve(std::move(*service));
  } else if (service.error().kind == ErrorKind::Temporary) {
    OpenLater(service.error());
  } else {
    return service.error();
  }
  return {};
}

Result<void> Receiver::Reload(std::shared_ptr<const Config> config) {
  Adopt();
  if (!service_) {
    opener_ = {};
    opened_.reset();
    return Start(std::move(config));
  }
  auto service = Service::Open(config, clock_, log_);
  if (!service) return service.error();
  Configure(std::move(config));
  Serve(std::move(*service));
  return {};
}

void Receiver::Serve(std::unique_ptr<Service> service) {
  if (service_) retiring_.emplace_back([old = std::move(service_)]() mutable { old.reset(); });
  service_ = std::move(service);
  service_->Start();
}

void Receiver::OpenLater(const Error& why_not_now) {
  log_.Error(why_not_now.message + "; posts are refused until it can be opened");
  last_error_ = why_not_now;
  opener_ = std::jthread([this](const std::stop_token& stop) { KeepOpening(stop); });
}

// Without waiting for a post: what is in the store may have to be delivered.
void Receiver::KeepOpening(const std::stop_token& stop) {
  for (;;) {
    std::unique_lock lock(mutex_);
    stopping_.wait_for(lock, stop, kOpenAgainAfter, [] { return false; });
    if (stop.stop_requested()) return;
    lock.unlock();
    auto service = Service::Open(config_, clock_, log_);
    lock.lock();
    if (service) {
      (*service)->Start();
      opened_ = std::move(*service);
      log_.Info("the store could be opened");
      return;
    }
    if (service.error().message != last_error_.message) log_.Error(service.error().message);
    last_error_ = service.error();
  }
}

void Receiver::Adopt() {
  const std::lock_guard lock(mutex_);
  if (opened_) service_ = std::move(opened_);
}

CheckQueue::Check Receiver::CheckFor(Request& request) const {
  if (!authenticator_ || authenticator_->CheckKnown(request)) return nullptr;
  return [authenticator = authenticator_](Request& later) { authenticator->Check(later); };
}

std::vector<Reply> Receiver::Handle(std::span<Request> requests) {
  if (!service_) Adopt();
  if (service_) {
    outage_.End();
    return service_->Handle(requests);
  }
  const std::lock_guard lock(mutex_);
  std::vector<Reply> replies;
  for (const Request& request : requests) {
    auto refusal = Refusal(request, config_->intake);
    replies.push_back(refusal ? std::move(*refusal) : outage_.Refuse(last_error_));
    AllowOrigin(request, config_->intake.allow_origins, replies.back());
  }
  return replies;
}

}  // namespace relay
