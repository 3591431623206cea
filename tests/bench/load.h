// Posts to a server over kept connections, in one thread that does next to nothing else, and tells
// how long each post took.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <string_view>

#include "support/unique_fd.h"

namespace relay::bench {

// Where posts go, and in which words.
struct Target {
  std::function<test::UniqueFd()> connect;
  std::string request;  // with kPostNumber where the number of a post goes
  // Whether all of an answer is there; throws where it is not 200.
  std::function<bool(std::string_view answer)> is_whole;
};

inline constexpr std::string_view kPostNumber = "100000000000";

// A form of usual size, 4.4 KB, of the session kPostNumber.
std::string PostBody();

Target FcgiTarget(const std::filesystem::path& socket);
Target HttpTarget(int port, const std::string& path);

struct LoadOptions {
  int connections = 64;
  // It ends with the first of these two.
  std::chrono::milliseconds duration = std::chrono::seconds(2);
  std::uint64_t most_posts = std::numeric_limits<std::uint64_t>::max();
  // Posts a second, at times that do not wait for answers: who is slow is waited for by all that
  // come after. 0: as fast as it answers.
  double rate = 0;
  std::uint64_t first = 100'000'000'000;  // the number of its first post: no two may be equal
};

struct LoadResult {
  std::uint64_t posts = 0;
  double per_second = 0;
  std::chrono::microseconds median{};
  std::chrono::microseconds percentile_99{};
  double own_cpu = 0;  // of one core, used by this side: near 1 it is the bottleneck
};

// Throws where an answer is not 200 or does not come.
LoadResult Load(const Target& target, const LoadOptions& options);

}  // namespace relay::bench
