// How the processor time of something grows with its input: 1, 4 and 16 MiB, and the time for each
// byte at the end against that at the start. What is linear stays near 1.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace relay::bench {

class GrowthTable {
 public:
  explicit GrowthTable(const std::string& title);

  // Makes the input of a size, which is not measured, and gives it to `run`, whose answer is shown.
  void Row(const std::string& name, const std::function<std::string(std::size_t)>& make,
           const std::function<std::string(const std::string&)>& run);

  // How many rows grew more than fourfold for each byte: with caches and the allocator linear is
  // far from that, and what is quadratic grows sixteenfold.
  int not_linear() const { return not_linear_; }

 private:
  int not_linear_ = 0;
};

// The text over and over, up to about the size.
std::string Fill(const std::string& text, std::size_t size);

}  // namespace relay::bench
