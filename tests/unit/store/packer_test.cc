#include "store/packer.h"

#include <gtest/gtest.h>

#include <random>

namespace relay {
namespace {

std::string Noise(std::size_t size) {
  std::minstd_rand random(1);
  std::string noise(size, '\0');
  for (char& c : noise) c = static_cast<char>(random() >> 8);
  return noise;
}

TEST(Packer, GivesBackWhatItPacked) {
  Packer packer;
  for (const std::string& text :
       {std::string(), std::string("a"), std::string("a\0b", 3), Noise(100'000),
        std::string(20'000'000, 'x'), std::string("10:15 AM Jane Doe: Have you tried this?\n")}) {
    const auto packed = packer.Pack(text);
    ASSERT_TRUE(packed);
    EXPECT_LE(packed->size(), text.size() + text.size() / 1024 + 32);
    const auto unpacked = packer.Unpack(*packed);
    ASSERT_TRUE(unpacked);
    EXPECT_TRUE(*unpacked == text);
  }
}

TEST(Packer, PacksTheSameTextAlike) {
  Packer packer;
  const auto first = packer.Pack("one");
  ASSERT_TRUE(packer.Pack(Noise(1'000'000)));
  EXPECT_EQ(*packer.Pack("one"), *first);
}

TEST(Packer, FindsEachByteThatWasChanged) {
  Packer packer;
  const std::string text = "10:15 AM Jane Doe: Have you tried this? Have you tried that?\n";
  const auto packed = packer.Pack(text);
  std::size_t found = 0;
  for (std::size_t at = 0; at < packed->size(); ++at) {
    for (const int change : {1, 0x80, 0xFF}) {
      std::string damaged = *packed;
      damaged[at] = static_cast<char>(damaged[at] ^ change);
      const auto unpacked = packer.Unpack(damaged);
      // A few bits stand for nothing.
      EXPECT_EQ(unpacked ? *unpacked : text, text) << at;
      if (!unpacked) ++found;
    }
  }
  EXPECT_GT(found, packed->size() * 3 - 10);
  EXPECT_FALSE(packer.Unpack(packed->substr(0, packed->size() - 1)));
  EXPECT_FALSE(packer.Unpack(*packed + "x"));
  EXPECT_FALSE(packer.Unpack("no frame at all"));
  EXPECT_EQ(*packer.Unpack(*packed), text) << "what came before was not forgotten";
}

// A header that announces 2^60 bytes.
TEST(Packer, ReservesNothingForALengthThatCannotBe) {
  Packer packer;
  auto frame = *packer.Pack("a");
  constexpr std::size_t kLength = 6;  // where it stands
  ASSERT_EQ(frame.substr(kLength, 8), std::string("\1\0\0\0\0\0\0\0", 8));
  frame[kLength + 7] = '\x10';
  int believed = 0;  // the header has a checksum of one byte
  for (int checksum = 0; checksum < 256; ++checksum) {
    frame[kLength + 8] = static_cast<char>(checksum);
    const auto unpacked = packer.Unpack(frame);
    ASSERT_FALSE(unpacked);
    if (unpacked.error().message.find("length") != std::string::npos) ++believed;
  }
  EXPECT_EQ(believed, 1);
}

}  // namespace
}  // namespace relay
