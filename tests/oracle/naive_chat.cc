#include <algorithm>
#include <sstream>

#include "oracle/naive.h"

namespace relay::test {
namespace {

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

std::string NaiveFold(const std::string& held, const std::string& chat) {
  const std::vector<std::string> old = LinesOf(held);
  const std::vector<std::string> lines = LinesOf(chat);
  if (lines.size() <= old.size() && std::equal(lines.rbegin(), lines.rend(), old.rbegin()))
    return held;
  if (old.size() <= lines.size() && std::equal(old.begin(), old.end(), lines.begin())) return chat;
  return held + chat;
}

}  // namespace relay::test
