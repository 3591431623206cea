<<<<<<< HEAD
// Runs a fuzz target without a fuzzer, so that every compiler can: each file of the folders named
// as arguments, then texts made from these by small random changes, the same ones every time.
=======
// Runs a fuzz target over files, and over every file of folders, without a fuzzer.
#include <cstddef>
>>>>>>> fd0f940 (Fuzz decode, fold and document; replay the corpus as a test)
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
<<<<<<< HEAD
#include <random>
#include <string>
#include <vector>
=======
#include <string>
>>>>>>> fd0f940 (Fuzz decode, fold and document; replay the corpus as a test)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

<<<<<<< HEAD
using Random = std::mt19937;

void Run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::size_t Below(std::size_t limit, Random& random) {
  return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

void ChangeOnce(std::string& bytes, const std::string& other, Random& random) {
  const std::size_t at = Below(bytes.size() + 1, random);
  switch (Below(4, random)) {
    case 0:
      bytes.erase(at, 1 + Below(4, random));
      break;
    case 1:
      bytes.insert(at, other.substr(Below(other.size() + 1, random), Below(8, random)));
      break;
    case 2:
      bytes.insert(at, 1, static_cast<char>(Below(256, random)));
      break;
    default:
      bytes = bytes.substr(0, at) + other.substr(Below(other.size() + 1, random));
      break;
  }
}

std::vector<std::string> ReadFolder(const char* folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
=======
int Replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::fprintf(stderr, "%s\n", path.c_str());  // the last name before a crash is its cause
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return 1;
}

int ReplayAll(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return Replay(path);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path)) files += Replay(entry.path());
>>>>>>> fd0f940 (Fuzz decode, fold and document; replay the corpus as a test)
  return files;
}

}  // namespace

int main(int argc, char** argv) {
<<<<<<< HEAD
  constexpr int kChanged = 50000;
  for (int i = 1; i < argc; ++i) {
    const std::vector<std::string> files = ReadFolder(argv[i]);
    for (const std::string& file : files) Run(file);
    Random random(1);
    for (int n = 0; n < kChanged && !files.empty(); ++n) {
      std::string bytes = files[Below(files.size(), random)];
      for (std::size_t k = 1 + Below(4, random); k > 0; --k) {
        ChangeOnce(bytes, files[Below(files.size(), random)], random);
      }
      Run(bytes);
    }
    std::printf("%s: %zu files and %d texts made from them\n", argv[i], files.size(), kChanged);
    if (files.empty()) return 1;
  }
  return 0;
=======
  int files = 0;
  for (int i = 1; i < argc; ++i) files += ReplayAll(argv[i]);
  return files > 0 ? 0 : 1;
>>>>>>> fd0f940 (Fuzz decode, fold and document; replay the corpus as a test)
}
