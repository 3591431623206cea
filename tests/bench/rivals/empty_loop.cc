// The least that a FastCGI program can do, and so the limit: one epoll loop that reads a request to
// its end and answers, and knows nothing of what it reads.
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <unordered_map>

namespace {

// Records as FastCGI 1.0, section 8, has them: version, type, request, length, padding, reserved.
std::string Record(char type, const std::string& content) {
  const auto size = content.size();
  return std::string{1,    type, 0, 1, static_cast<char>(size >> 8), static_cast<char>(size & 255),
                     '\0', '\0'} +
         content;
}

std::string Reply() {
  return Record(6,
                "Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 15\r\n\r\n"
                "stored nothing\n") +
         Record(6, "") + Record(3, std::string(8, '\0'));
}

// An empty record of the body, type 5, ends a request.
bool IsWhole(const std::string& bytes) {
  std::size_t at = 0;
  while (at + 8 <= bytes.size()) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
    const std::size_t length = byte(4) * 256u + byte(5);
    if (byte(1) == 5 && length == 0) return true;
    at += 8 + length + byte(6);
  }
  return false;
}

}  // namespace

int main() {
  const std::string reply = Reply();
  const int epoll = epoll_create1(0);
  std::unordered_map<int, std::string> requests;
  const auto watch = [&](int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  };
  watch(STDIN_FILENO);
  char bytes[65536];
  while (true) {
    epoll_event events[64];
    const int count = epoll_wait(epoll, events, 64, -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[i].data.fd;
      if (fd == STDIN_FILENO) {
        const int accepted = accept4(fd, nullptr, nullptr, SOCK_CLOEXEC);
        if (accepted >= 0) watch(accepted);
        continue;
      }
      const ssize_t got = read(fd, bytes, sizeof bytes);
      if (got > 0) requests[fd].append(bytes, static_cast<std::size_t>(got));
      if (got > 0 && !IsWhole(requests[fd])) continue;
      if (got > 0 && write(fd, reply.data(), reply.size()) < 0) return 1;
      requests.erase(fd);
      close(fd);
    }
  }
}
