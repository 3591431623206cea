#include "gateway/cgi.h"

#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/write_all.h"
#include "gateway/detached.h"
#include "gateway/params.h"
#include "gateway/reply_text.h"
#include "intake/authenticator.h"
#include "intake/intake.h"
#include "store/sqlite_store.h"

namespace relay {
namespace {

Params EnvironmentParams() {
  Params params;
  for (char** variable = environ; *variable != nullptr; ++variable) params.emplace_back(*variable);
  return params;
}

// Reads to the end of the input, whatever is kept of it: a CGI that leaves its input unread loses
// its answer under mod_cgid.
void ReadBody(const Params& params, std::uint64_t max_body, Request& request) {
  const auto announced = ContentLength(params);
  bool too_large = announced && *announced > max_body;
  std::array<char, 65536> piece{};
  std::uint64_t received = 0;
  const std::uint64_t end = announced.value_or(max_body);
  while (received < end) {
    const ssize_t count =
        read(STDIN_FILENO, piece.data(), std::min<std::uint64_t>(piece.size(), end - received));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    received += static_cast<std::uint64_t>(count);
    if (!too_large) request.body.append(piece.data(), static_cast<std::size_t>(count));
  }
  if (!announced) {
    // Without a length a body that was cut off looks whole.
    request.body_state = BodyState::NoLength;
  } else if (too_large) {
    request.body_state = BodyState::TooLarge;
  } else if (received != *announced) {
    request.body_state = BodyState::Short;
  }
}

Reply Unconfigured(const Problems& problems, const Log& log) {
  for (const std::string& problem : problems) log.Error(problem);
  return {503, {{"Retry-After", "30"}}, "the receiver's configuration is at fault; see its log"};
}

Reply HandleOne(Request& request, const std::shared_ptr<const Config>& config, const Log& log,
                bool& queued) {
  auto store = SqliteStore::OpenOrReplace(config->store.path);
  if (!store) {
    log.Error(store.error().message);
    return {503, {{"Retry-After", "30"}}, "the store cannot be opened; nothing was kept"};
  }
  if (const auto authenticator = Authenticator::For(config->intake, log)) {
    authenticator->Check(request);
  }
  const SystemClock clock;
  Measurements unread;  // handing them over would take a commit of its own
  Intake intake(config, **store, clock, log, unread, [&queued] { queued = true; });
  return intake.Handle({&request, 1}).front();
}

}  // namespace

int RunCgi(const Environment& environment) {
  const Log log;
  const Params params = EnvironmentParams();
  LoadedConfig loaded = LoadConfig(std::nullopt, environment);
  Request request = RequestOf(params);
  ReadBody(params, loaded.config ? loaded.config->intake.max_body : 0, request);
  bool queued = false;
  Reply reply;
  bool deliver_here = false;
  if (loaded.config) {
    const auto config = std::make_shared<const Config>(std::move(*loaded.config));
    deliver_here = config->delivery.run_in == RunIn::ScriptFcgi;
    reply = HandleOne(request, config, log, queued);
  } else {
    reply = Unconfigured(loaded.problems, log);
  }
  // Where the web server is gone, the post is kept all the same.
  static_cast<void>(WriteAll(STDOUT_FILENO, ToCgiResponse(reply)));
  if (queued && deliver_here && !StartDetached({OperatorCommand(), "deliver", "--once"})) {
    log.Error("start the delivery: no process could be made; the next request tries again");
  }
  return 0;
}

}  // namespace relay
