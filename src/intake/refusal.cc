#include "intake/refusal.h"

#include <fmt/format.h>

#include "intake/cross_origin.h"

namespace relay {
namespace {

constexpr int kRetryAfterSeconds = 30;
constexpr auto kSayEvery = std::chrono::seconds(10);

Reply TryLater(const char* text) {
  return {503, {{"Retry-After", std::to_string(kRetryAfterSeconds)}}, text};
}

std::optional<Reply> RefusalOfBody(BodyState state) {
  switch (state) {
    case BodyState::Complete:
      return std::nullopt;
    case BodyState::Short:
      return Reply{400, {}, "the body ended early; nothing was stored"};
    case BodyState::TooLarge:
      return Reply{413, {}, "the body is larger than [intake] max_body; nothing was stored"};
    case BodyState::NoLength:
      return Reply{411, {}, "the request has no Content-Length; nothing was stored"};
    case BodyState::TimedOut:
      return Reply{408, {}, "the body did not arrive in time; nothing was stored"};
  }
  return std::nullopt;
}

// To the sender, who knows what was sent, the difference tells where it was lost.
const char* TextOfDenied(const Request& request) {
  return CarriesAuthorization(request)
             ? "a user name and a password are needed, and these are not right; nothing was stored"
             : "a user name and a password are needed, and none came; nothing was stored";
}

std::optional<Reply> RefusalOfAccess(const Request& request, bool asked_for) {
  const Access access = request.access;
  if (access == Access::Granted || (access == Access::Open && !asked_for)) return std::nullopt;
  if (access == Access::Busy) return TryLater("too many passwords are being checked");
  return Reply{401,
               {{"WWW-Authenticate", R"(Basic realm="rescue-relay", charset="UTF-8")"}},
               TextOfDenied(request)};
}

}  // namespace

std::optional<Reply> Refusal(const Request& request, const IntakeConfig& config) {
  if (request.method.empty()) {
    return Reply{500, {}, "the web server passes no REQUEST_METHOD: include its fastcgi_params"};
  }
  if (auto answer = Preflight(request, config.allow_origins)) return answer;
  if (request.method != "POST") {
    return Reply{405, {{"Allow", "POST"}}, "only POST is accepted here"};
  }
  if (auto refusal = RefusalOfBody(request.body_state)) return refusal;
  return RefusalOfAccess(request, !config.users_file.empty());
}

Outage::~Outage() {
  if (unsaid_ > 0) Say();
}

Reply Outage::Refuse(const Error& error) {
  const bool news = refused_ == 0 || error.message != reason_;
  if (news && unsaid_ > 0) Say();
  reason_ = error.message;
  ++refused_;
  ++unsaid_;
  if (news || Clock::now() - said_ >= kSayEvery) Say();
  return TryLater("the post could not be stored; nothing was kept");
}

void Outage::End() {
  if (refused_ == 0) return;
  log_.Info(fmt::format("posts are stored again; {} could not be", refused_));
  refused_ = 0;
  unsaid_ = 0;
}

void Outage::Say() {
  if (unsaid_ == 1) {
    log_.Error("a post could not be stored: " + reason_);
  } else {
    log_.Error(fmt::format("{} more posts could not be stored: {}", unsaid_, reason_));
  }
  unsaid_ = 0;
  said_ = Clock::now();
}

}  // namespace relay
