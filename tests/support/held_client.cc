#include "support/held_client.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "support/deadline.h"

namespace relay::test {
namespace {

// The client with its end of a pipe; the other end goes to `input`.
Process StartWithPipe(ProcessOptions client, const std::string& script, UniqueFd& input) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  const UniqueFd output(ends[0]);
  input = UniqueFd(ends[1]);
  if (write(input.get(), script.data(), script.size()) != static_cast<ssize_t>(script.size())) {
    throw std::system_error(errno, std::generic_category(), "write");
  }
  client.stdin_fd = output.get();
  return Process(client);
}

}  // namespace

HeldClient::HeldClient(ProcessOptions client, const std::string& script)
    : client_(StartWithPipe(std::move(client), script, input_)) {
  const bool holds = Deadline(std::chrono::seconds(20)).Until([&] {
    return !client_.running() || client_.out().find("held\n") != std::string::npos;
  });
  if (!holds || !client_.running()) throw std::runtime_error("client: " + client_.err());
}

}  // namespace relay::test
