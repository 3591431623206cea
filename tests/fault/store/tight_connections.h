// SQLite with limits that a short script reaches. For one thread.
#pragma once

namespace relay::test {

// While it lives, every connection that is opened has a cache of a few pages and makes a checkpoint
// every few frames. So a short script meets what takes many posts otherwise.
class TightConnections {
 public:
  TightConnections();
  ~TightConnections();
  TightConnections(const TightConnections&) = delete;
  TightConnections& operator=(const TightConnections&) = delete;
};

}  // namespace relay::test
