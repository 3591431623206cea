#include "intake/refusal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/captured_log.h"

namespace relay {
namespace {

using testing::ElementsAre;
using testing::EndsWith;

class OutageTest : public testing::Test {
 protected:
  void Refuse(const std::string& reason, int times = 1) {
    for (int i = 0; i < times; ++i) {
      EXPECT_EQ(outage_->Refuse({ErrorKind::Temporary, reason}).status, 503);
    }
  }

  test::CapturedLog captured_;
  std::optional<Outage> outage_{std::in_place, captured_.log()};
};

TEST_F(OutageTest, SaysAtOnceWhyAndWhenItIsOver) {
  Refuse("the disk is full");
  EXPECT_THAT(captured_.lines(), ElementsAre(EndsWith("could not be stored: the disk is full\"")));
  Refuse("the disk is full", 499);
  outage_->End();
  EXPECT_THAT(captured_.lines(),
              ElementsAre(EndsWith("could not be stored: the disk is full\""),
                          EndsWith("posts are stored again; 500 could not be\"")));
}

TEST_F(OutageTest, SaysWhenTheReasonChangesAndCountsWhatCameBefore) {
  Refuse("the disk is full", 3);
  Refuse("the disk is gone");
  EXPECT_THAT(captured_.lines(),
              ElementsAre(EndsWith("a post could not be stored: the disk is full\""),
                          EndsWith("2 more posts could not be stored: the disk is full\""),
                          EndsWith("a post could not be stored: the disk is gone\"")));
}

TEST_F(OutageTest, LeavesNoneUncounted) {
  Refuse("the disk is full", 3);
  outage_.reset();
  EXPECT_THAT(captured_.lines(),
              ElementsAre(EndsWith("a post could not be stored: the disk is full\""),
                          EndsWith("2 more posts could not be stored: the disk is full\"")));
}

TEST_F(OutageTest, SaysNothingWhereThereWasNone) {
  outage_->End();
  EXPECT_THAT(captured_.lines(), ElementsAre());
}

}  // namespace
}  // namespace relay
