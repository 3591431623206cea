// Any bytes as a configuration: it is loaded whole, or every mistake says where it is.
#include <sys/mman.h>
#include <unistd.h>

#include "config/load.h"
#include "fuzz/require.h"

namespace relay::test {
namespace {

// The loader reads files only; this one is in memory.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& text) : fd_(memfd_create("relay.toml", 0)) {
    Require(fd_ >= 0 && write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
            "a file in memory can be written");
  }
  ~MemoryFile() { close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

// A device without end would be read as a secret for ever.
bool NamesAFile(const std::string& text) {
  return text.find('/') != std::string::npos || text.find("\\u") != std::string::npos ||
         text.find("\\U") != std::string::npos || text.find("\\x") != std::string::npos;
}

void CheckLoad(const std::string& text) {
  const MemoryFile file(text);
  const LoadedConfig loaded =
      LoadConfig(file.path(), [](const std::string&) { return std::optional<std::string>(); });
  Require(loaded.config.has_value() == loaded.problems.empty(),
          "there is a configuration or a problem");
  for (const std::string& problem : loaded.problems)
    Require(!problem.empty(), "a problem says what it is");
}

}  // namespace
}  // namespace relay::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = relay::test::InputText(data, size);
  const bool reads_secrets = text.find("secrets") != std::string::npos;
  if (reads_secrets && relay::test::NamesAFile(text)) return 0;
  relay::test::CheckLoad(text);
  return 0;
}
