#include "gateway/fcgi_exchange.h"

#include <fcgiapp.h>
#include <sys/socket.h>

#include <array>
#include <csignal>

#include "gateway/reply_text.h"

namespace relay {
namespace {

constexpr std::array kSignals{SIGPIPE, SIGUSR1, SIGTERM};

}  // namespace

struct FcgiExchange::State {
  FCGX_Request request{};
  bool drained = false;
};

bool FcgiExchange::Init() {
  if (FCGX_Init() != 0) return false;
  // FCGX_Init() installs handlers without SA_RESTART that turn a signal in the middle of a body
  // into its end. The loop reads signals from a descriptor instead.
  for (const int number : kSignals) {
    struct sigaction action {};
    action.sa_handler = number == SIGPIPE ? SIG_IGN : SIG_DFL;
    sigaction(number, &action, nullptr);
  }
  return true;
}

FcgiExchange::FcgiExchange(std::unique_ptr<State> state) : state_(std::move(state)) {}

FcgiExchange::~FcgiExchange() {
  if (state_->request.ipcFd >= 0) FCGX_Free(&state_->request, 1);
}

std::unique_ptr<FcgiExchange> FcgiExchange::Begin(UniqueFd source) {
  auto state = std::make_unique<State>();
  FCGX_Request& request = state->request;
  if (FCGX_InitRequest(&request, -1, FCGI_FAIL_ACCEPT_ON_INTR) != 0) return nullptr;
  // With a descriptor in ipcFd and keepConnection set, FCGX_Accept_r() takes it as a connection
  // that was kept and reads the next request from it. When the peer is gone it closes the
  // descriptor (at once, because `detached` is set) and fails to accept from socket -1.
  request.ipcFd = source.Release();
  request.keepConnection = 1;
  request.detached = 1;
  if (FCGX_Accept_r(&request) != 0) return nullptr;
  return std::unique_ptr<FcgiExchange>(new FcgiExchange(std::move(state)));
}

Request FcgiExchange::Read(std::uint64_t max_body) {
  FCGX_Stream* in = state_->request.in;
  Params params;
  for (char** param = state_->request.envp; *param != nullptr; ++param) params.emplace_back(*param);
  Request request = RequestOf(params);
  const auto announced = ContentLength(params);
  bool too_large = announced && *announced > max_body;
  std::uint64_t received = 0;
  std::array<char, 16384> piece{};
  for (;;) {
    const int count = FCGX_GetStr(piece.data(), static_cast<int>(piece.size()), in);
    if (count <= 0) break;
    received += static_cast<std::uint64_t>(count);
    too_large = too_large || received > max_body;
    if (!too_large) request.body.append(piece.data(), static_cast<std::size_t>(count));
    if (static_cast<std::size_t>(count) < piece.size()) break;  // the end of the stream
  }
  const int error = FCGX_GetError(in);
  state_->drained = error == 0 && in->isClosed != 0;
  if (too_large) {
    request.body.clear();
    request.body.shrink_to_fit();
    request.body_state = BodyState::TooLarge;
  } else if (error != 0 || (announced && *announced != received)) {
    request.body_state = BodyState::Short;
  }
  return request;
}

void FcgiExchange::AnswerOn(UniqueFd connection) {
  // libfcgi looks up ipcFd whenever it writes.
  close(std::exchange(state_->request.ipcFd, connection.Release()));
}

UniqueFd FcgiExchange::Answer(const Reply& reply) {
  FCGX_Request& request = state_->request;
  const std::string text = ToCgiResponse(reply);
  FCGX_PutStr(text.data(), static_cast<int>(text.size()), request.out);
  const bool failed = FCGX_FClose(request.err) != 0 || FCGX_FClose(request.out) != 0;
  const bool keep = !failed && request.keepConnection != 0 && state_->drained;
  FCGX_Free(&request, 0);
  UniqueFd connection(std::exchange(request.ipcFd, -1));
  if (keep) return connection;
  if (!state_->drained) {
    // Closing with bytes unread would reset the connection and take the reply along.
    shutdown(connection.get(), SHUT_WR);
    std::array<char, 65536> rest{};
    while (recv(connection.get(), rest.data(), rest.size(), MSG_DONTWAIT) > 0) {
    }
  }
  return UniqueFd();
}

}  // namespace relay
