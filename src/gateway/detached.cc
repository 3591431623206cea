#include "gateway/detached.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>

namespace relay {
namespace {

// HTTP_* are the sender's words; a header "Proxy:" would become the proxy of the deliveries.
std::vector<std::string> OwnEnvironment() {
  std::vector<std::string> kept;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    if (!text.starts_with("HTTP_") && !text.starts_with("GATEWAY_INTERFACE=")) {
      kept.emplace_back(text);
    }
  }
  return kept;
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  // execve() takes pointers to what it does not change.
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// In the child: only calls that are safe after fork().
[[noreturn]] void Become(char* const* argv, char* const* environment) {
  setsid();
  if (fork() != 0) _exit(0);
  const int null = open("/dev/null", O_RDWR);
  for (int standard = 0; standard <= 2; ++standard) dup2(null, standard);
  close_range(3, ~0u, 0);
  execvpe(argv[0], argv, environment);
  _exit(127);
}

}  // namespace

bool StartDetached(const std::vector<std::string>& argv) {
  const auto environment = OwnEnvironment();
  const auto arguments = Pointers(argv);
  const auto variables = Pointers(environment);
  const pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) Become(arguments.data(), variables.data());
  waitpid(child, nullptr, 0);
  return true;
}

std::string OperatorCommand() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto beside = self.parent_path() / "rescue-relay";
  return !error && std::filesystem::exists(beside, error) ? beside.string() : "rescue-relay";
}

}  // namespace relay
