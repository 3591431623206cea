#include "action/kept_answer.h"

#include <gmock/gmock.h>

namespace relay {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kSecret = "abcdefghijklmnopqrstuvwxyz";

std::string Kept(const std::string& text, Keep keep = Keep::Beginning) {
  return KeptAnswer(text, keep, {{"token", kSecret}});
}

TEST(KeptAnswer, KeepsWhatFits) {
  EXPECT_EQ(Kept(""), "");
  EXPECT_EQ(Kept(std::string(4096, 'x')), std::string(4096, 'x'));
  EXPECT_EQ(Kept("no " + kSecret), "no ********");
}

TEST(KeptAnswer, CutsTheEndOrTheBeginning) {
  const std::string text = "begin" + std::string(5000, 'x') + "end";
  EXPECT_EQ(Kept(text).size(), 4096 + 6);
  EXPECT_THAT(Kept(text), StartsWith("beginxxx"));
  EXPECT_THAT(Kept(text), EndsWith("xxx\n[cut]"));
  EXPECT_EQ(Kept(text, Keep::End).size(), 4096 + 6);
  EXPECT_THAT(Kept(text, Keep::End), StartsWith("[cut]\nxxx"));
  EXPECT_THAT(Kept(text, Keep::End), EndsWith("xxxend"));
}

TEST(KeptAnswer, NoPartOfASecretIsLeftWhereverItIsCut) {
  for (std::size_t before = 4060; before < 4100; ++before) {
    const std::string text = std::string(before, '.') + kSecret + std::string(5000, '.');
    EXPECT_THAT(Kept(text), Not(HasSubstr("abcd"))) << before;
    const std::string mirrored = std::string(5000, '.') + kSecret + std::string(before, '.');
    EXPECT_THAT(Kept(mirrored, Keep::End), Not(HasSubstr("wxyz"))) << before;
  }
}

}  // namespace
}  // namespace relay
