#include "base/ids.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace relay {
namespace {

TEST(Ids, AreTextForPeople) {
  EXPECT_EQ(ToString(PostId{9'007'199'254'740'993}), "9007199254740993");
}

TEST(Ids, OfOneKindCompare) {
  EXPECT_LT(PostId{1}, PostId{2});
}

TEST(Ids, OfTwoKindsDoNotMix) {
  EXPECT_FALSE((std::is_convertible_v<PostId, DeliveryId>));
}

}  // namespace
}  // namespace relay
