#include "base/eight_bytes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace relay {
namespace {

TEST(EightBytes, MarksEachByteThatIsTheCharacterAndNoOther) {
  for (int c = 0; c < 256; ++c) {
    for (int other = 0; other < 256; ++other) {
      // Neighbours must not carry over into each other.
      const char text[] = {static_cast<char>(c),     static_cast<char>(other),
                           static_cast<char>(c),     static_cast<char>(c ^ 1),
                           static_cast<char>(other), static_cast<char>(c ^ 0x80),
                           static_cast<char>(c),     static_cast<char>(other)};
      const auto marks = WhereIs(static_cast<char>(c), LoadEight(text));
      char marked[8];
      StoreEight(marks, marked);
      for (int i = 0; i < 8; ++i) {
        EXPECT_EQ(marked[i], text[i] == static_cast<char>(c) ? '\x80' : '\0') << c << " " << other;
      }
    }
  }
}

TEST(EightBytes, FindsTheFirstAsAPlainSearchDoes) {
  std::minstd_rand random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 30, '\0');
    for (char& c : text) c = "\r\n<=;\xBC aB"[random() % 9];
    EXPECT_EQ((FindAnyOf<'\r', '\n', '<'>(text)),
              std::min(text.find_first_of("\r\n<"), text.size()))
        << text;
  }
}

}  // namespace
}  // namespace relay
