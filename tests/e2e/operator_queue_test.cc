// Deliveries in the hands of an operator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "e2e/operator.h"

namespace relay::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(Operator, HoldsAndReleasesByIds) {
  PostSessions(2);
  EXPECT_EQ(Relay({"queue", "hold", "1"}).code, kDone);
  EXPECT_THAT(States(), ElementsAre("due", "held"));
  EXPECT_EQ(Relay({"deliver", "--once"}).code, kDone);
  EXPECT_THAT(States(), ElementsAre("done", "held"));
  EXPECT_THAT(Relay({"queue", "retry", "1"}).code, kFailed) << "release lets held ones go";
  EXPECT_EQ(Relay({"queue", "release", "1"}).code, kDone);
  EXPECT_EQ(Relay({"deliver", "--once"}).code, kDone);
  EXPECT_THAT(States(), ElementsAre("done", "done"));
}

TEST_F(Operator, WhatIsDoneIsNeverRetried) {
  PostSessions(1);
  Relay({"deliver", "--once"});
  EXPECT_EQ(Relay({"queue", "retry", "1"}).code, kFailed);
  EXPECT_EQ(Relay({"queue", "retry", "ALL", "--yes"}).code, kDone);
  Relay({"deliver", "--once"});
  EXPECT_THAT(sink_.requests(), SizeIs(1));
}

TEST_F(Operator, ChangesToAllOfSomethingWantAYes) {
  PostSessions(3);
  struct Row {
    const char* command;
    const char* would;
    const char* did;
    const char* state;
  };
  for (const Row& row :
       {Row{"hold", "this would hold 3 deliveries; add --yes", "3 deliveries are held", "held"},
        Row{"release", "this would release 3 deliveries; add --yes", "3 deliveries go on", "due"},
        Row{"retry", "this would try again 3 deliveries; add --yes", "3 deliveries are due", "due"},
        Row{"drop", "this would drop for ever 3 deliveries; add --yes", "3 deliveries were dropped",
            ""}}) {
    const auto before = States();
    const Finished asked = Relay({"queue", row.command, "--action", "crm"});
    EXPECT_EQ(asked.code, kUsage);
    EXPECT_THAT(asked.err, HasSubstr(row.would));
    EXPECT_EQ(States(), before) << row.command << " did it without a yes";
    const Finished done = Relay({"queue", row.command, "--action", "crm", "--yes"});
    EXPECT_EQ(done.code, kDone);
    EXPECT_THAT(done.err, HasSubstr(row.did));
    EXPECT_THAT(States(), testing::Each(row.state));
  }
  EXPECT_THAT(States(), IsEmpty());
}

TEST_F(Operator, SelectsBySessionAndState) {
  PostSessions(3);
  EXPECT_EQ(Relay({"queue", "hold", "--session", "2", "--yes"}).code, kDone);
  EXPECT_THAT(States(), ElementsAre("due", "held", "due"));
  EXPECT_EQ(Relay({"queue", "drop", "--state", "held", "--yes"}).code, kDone);
  EXPECT_THAT(States(), ElementsAre("due", "due"));
  EXPECT_EQ(Relay({"queue", "drop", "--state", "hold", "--yes"}).code, kUsage);
  EXPECT_EQ(Relay({"queue", "hold", "--yes"}).code, kUsage) << "nothing was selected";
  EXPECT_THAT(installation_.List({"queue", "list", "--session", "3"}), SizeIs(1));
}

TEST_F(Operator, TakesThousandsOfIdsFromStandardInput) {
  PostSessions(2);
  std::string ids;
  for (int id = 1; id <= 5000; ++id) ids += std::to_string(id) + "\n";
  const Finished held = RelayWithInput({"queue", "hold", "-"}, ids + "1 2\n");
  EXPECT_EQ(held.code, kFailed);
  EXPECT_THAT(held.err, HasSubstr("2 deliveries are held"));
  EXPECT_THAT(held.err, HasSubstr("4998 of these are not due, or do not exist"));
  const Finished shown = RelayWithInput({"queue", "show", "-", "--json"}, ids);
  EXPECT_EQ(shown.code, kDone) << shown.err;
  EXPECT_EQ(std::count(shown.out.begin(), shown.out.end(), '\n'), 2);
  EXPECT_EQ(RelayWithInput({"queue", "hold", "-"}, "1\nx\n").code, kUsage);
}

TEST_F(Operator, TheQueueSaysWhyAndWhen) {
  PostSessions(1);
  crm_says_ = 503;
  Relay({"deliver", "--once"});
  const auto rows = installation_.List({"queue", "list"});
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_THAT(rows[0]["last_error"], HasSubstr("503"));
  EXPECT_TRUE(rows[0]["next_try"].is_string());
  const std::string table = Relay({"queue", "list"}).out;
  EXPECT_THAT(table, HasSubstr("503"));
  EXPECT_THAT(table, HasSubstr(rows[0]["next_try"]));
  const auto answer = [&] {
    return nlohmann::json::parse(Relay({"queue", "show", "1", "--json"}).out)["last_answer"];
  };
  EXPECT_EQ(answer(), "HTTP 503\n");
  crm_says_ = 200;
  Relay({"queue", "retry", "1"});
  Relay({"deliver", "--once"});
  EXPECT_TRUE(answer().is_null()) << "nothing failed after all";
}

}  // namespace
}  // namespace relay::test
