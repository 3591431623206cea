#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace relay {
namespace {

TEST(Result, HoldsAValue) {
  const Result<int> result = 7;
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value(), 7);
}

TEST(Result, HoldsAnError) {
  const Result<int> result = Error{ErrorKind::TooLarge, "over the limit"};
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::TooLarge);
  EXPECT_EQ(result.error().message, "over the limit");
}

TEST(Result, GivesUpAValueThatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 7);
}

TEST(Result, OfNothingIsOkUntilItHoldsAnError) {
  EXPECT_TRUE(Result<void>().ok());
  EXPECT_FALSE(Result<void>(Error{ErrorKind::Temporary, "busy"}).ok());
}

TEST(Error, KeepsItsKindAndPutsTheContextInFront) {
  const Error error = Error{ErrorKind::Temporary, "disk full"}.Context("store post");
  EXPECT_EQ(error.kind, ErrorKind::Temporary);
  EXPECT_EQ(error.message, "store post: disk full");
}

}  // namespace
}  // namespace relay
