#include "intake/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace relay {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class PlannerTest : public testing::Test {
 protected:
  // With one action under this condition, for a session whose transcript cannot be read.
  static Result<Plan> PlanWith(const std::string& when) {
    auto config = std::make_shared<Config>();
    ActionConfig crm;
    crm.name = "crm";
    crm.when = PlacedExpression{"when", 1, when};
    config->actions.push_back(crm);
    config->view.labels["CField1"] = "Customer number";
    Planner planner(config);
    RawPost raw;
    raw.remote_addr = "192.0.2.1";
    const Fields fields({{"SessionID", "1"}, {"WorkTime", "60"}, {"Extra", "x"}});
    SessionState before;
    before.posts = 1;
    before.held_length = 5;
    before.held_tail = "held\n";
    return planner.MakePlan(PostId{2}, raw, "1", fields, before, [] {
      return Error{ErrorKind::Temporary, "not to be read"};
    });
  }
};

TEST_F(PlannerTest, ReadsTheTranscriptOnlyForAConditionThatLooksAtIt) {
  EXPECT_TRUE(PlanWith(".event == \"updated\""));
  for (const char* looks : {".transcript != \"\"", ".chat == []", "has(\"chat\")", "length > 3"}) {
    const auto plan = PlanWith(looks);
    ASSERT_FALSE(plan) << looks;
    EXPECT_EQ(plan.error().message, "not to be read");
  }
}

TEST_F(PlannerTest, AConditionSeesEveryMemberThatItNames) {
  for (const char* holds :
       {".event == \"updated\"", ".event_source == \"inferred\"", ".WorkTime == 60",
        ".SessionID == \"1\"", ".raw.Extra == \"x\"", ".session.posts == 2", ".post_id == \"2\"",
        ".remote_addr == \"192.0.2.1\"", ".remote_user == null", ".endpoint == \"\"",
        ".labels.CField1 == \"Customer number\"", ".received_at | startswith(\"1970-\")",
        ".local.received_at == \"1970-01-01T00:00:00+00:00\"",
        ".session_uuid == \"3ff511ca-2deb-53d4-a909-a66f25b4600d\""}) {
    const auto plan = PlanWith(holds);
    ASSERT_TRUE(plan) << holds;
    EXPECT_THAT(plan->deliveries, SizeIs(1)) << holds;
  }
  EXPECT_THAT(PlanWith(".Tracking0 == \"x\"")->deliveries, IsEmpty());
}

}  // namespace
}  // namespace relay
