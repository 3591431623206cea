#include "support/sockets.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace relay::test {
namespace {

constexpr int kBacklog = 1024;

[[noreturn]] void Fail(const char* doing) {
  throw std::system_error(errno, std::generic_category(), doing);
}

UniqueFd NewSocket(int family) {
  UniqueFd fd(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) Fail("socket");
  return fd;
}

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

sockaddr_un UnixAddress(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path) throw std::length_error(path.string());
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

template <class Address>
const sockaddr* Generic(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

template <class Address>
UniqueFd Listen(const Address& address) {
  UniqueFd fd = NewSocket(Generic(address)->sa_family);
  if (bind(fd.get(), Generic(address), sizeof address) != 0) Fail("bind");
  if (listen(fd.get(), kBacklog) != 0) Fail("listen");
  return fd;
}

template <class Address>
UniqueFd Connect(const Address& address) {
  UniqueFd fd = NewSocket(Generic(address)->sa_family);
  if (connect(fd.get(), Generic(address), sizeof address) != 0) fd.Close();
  return fd;
}

}  // namespace

UniqueFd ListenOnLoopback() {
  return Listen(Loopback(0));
}

int PortOf(const UniqueFd& listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    Fail("getsockname");
  }
  return ntohs(address.sin_port);
}

int FreePort() {
  return PortOf(ListenOnLoopback());
}

UniqueFd ListenOnUnix(const std::filesystem::path& path) {
  UniqueFd fd = Listen(UnixAddress(path));
  std::filesystem::permissions(path, std::filesystem::perms::all);
  return fd;
}

UniqueFd ConnectToLoopback(int port) {
  return Connect(Loopback(port));
}

UniqueFd ConnectToUnix(const std::filesystem::path& path) {
  return Connect(UnixAddress(path));
}

bool SendAll(const UniqueFd& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

std::optional<std::string> ReceiveSome(const UniqueFd& socket, const Deadline& deadline) {
  pollfd ready{socket.get(), POLLIN, 0};
  int polled = 0;
  do {
    polled = poll(&ready, 1, deadline.left_ms());
  } while (polled < 0 && errno == EINTR);
  if (polled <= 0) return std::nullopt;

  std::string bytes(65536, '\0');
  const ssize_t got = recv(socket.get(), bytes.data(), bytes.size(), 0);
  if (got < 0) return std::nullopt;
  bytes.resize(static_cast<size_t>(got));
  return bytes;
}

}  // namespace relay::test
