// Posts to a FastCGI socket as fast as it answers, over kept connections, in one thread that does
// next to nothing else, and tells how long each post took.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace relay::bench {

struct LoadOptions {
  std::filesystem::path socket;
  int connections = 64;
  std::chrono::milliseconds duration = std::chrono::seconds(2);
  std::uint64_t first = 100'000'000'000;  // the number of its first post: no two may be equal
};

struct LoadResult {
  std::uint64_t posts = 0;
  double per_second = 0;
  std::chrono::microseconds median{};
  std::chrono::microseconds percentile_99{};
  double own_cpu = 0;  // of one core, used by this side: near 1 it is the bottleneck
};

// Throws where a reply is not 200.
LoadResult Load(const LoadOptions& options);

}  // namespace relay::bench
