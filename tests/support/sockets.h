// Loopback TCP and Unix sockets, as the test servers and clients need them. Failures to create or
// bind throw; what a peer does is told by the return value.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "support/deadline.h"
#include "support/unique_fd.h"

namespace relay::test {

// Listens on 127.0.0.1 and a port the kernel chooses.
UniqueFd ListenOnLoopback();
int PortOf(const UniqueFd& listener);

// A port nobody listens on just now. Somebody else may take it before you do.
int FreePort();

// Listens on a Unix socket that every user may connect to. A child takes it as descriptor 0.
UniqueFd ListenOnUnix(const std::filesystem::path& path);

// Empty descriptor (-1) when nobody listens.
UniqueFd ConnectToLoopback(int port);
UniqueFd ConnectToUnix(const std::filesystem::path& path);

// False when the peer has gone.
bool SendAll(const UniqueFd& socket, std::string_view bytes);

// What arrives next: empty at the peer's end, nullopt when the deadline passed or the connection
// broke.
std::optional<std::string> ReceiveSome(const UniqueFd& socket, const Deadline& deadline);

}  // namespace relay::test
