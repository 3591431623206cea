// However large the store is, listings go by an index and stop at their limit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/delivery_pages.h"
#include "store/page_queries.h"
#include "store/schema.h"

namespace relay {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

class QueryPlan : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(connection_ && MigrateSchema(*connection_).ok()); }

  std::vector<std::string> PlanOf(const std::string& query) {
    auto plan = connection_->Query("EXPLAIN QUERY PLAN " + query);
    if (!plan) throw std::runtime_error(plan.error().message);
    std::vector<std::string> lines;
    for (auto row = plan->Step(); row && *row; row = plan->Step()) lines.push_back(plan->Text(3));
    return lines;
  }

  // No look at rows that are not wanted, and no sorting of those that are.
  void ExpectIndexed(const std::string& query, const std::string& index) {
    const auto plan = PlanOf(query);
    EXPECT_THAT(plan, Each(Not(AnyOf(HasSubstr("SCAN "), HasSubstr("TEMP B-TREE"))))) << query;
    EXPECT_THAT(plan, Contains(HasSubstr(index))) << query;
  }

  Result<sql::Connection> connection_ = sql::Connection::Open(":memory:", sql::OpenMode::ReadWrite);
};

TEST_F(QueryPlan, DeliveriesAreFoundByAnIndexInTheirOrder) {
  for (const DeliveryOrder order : {DeliveryOrder::NewestFirst, DeliveryOrder::OldestFirst}) {
    ExpectIndexed(DeliveryPageQuery(DeliveryPath::All, order), "INTEGER PRIMARY KEY");
    ExpectIndexed(DeliveryPageQuery(DeliveryPath::OfSession, order), "delivery_of_session");
    ExpectIndexed(DeliveryPageQuery(DeliveryPath::OfActionInState, order), "delivery_by_state");
  }
}

TEST_F(QueryPlan, SessionsAreFoundByAnIndexInTheirOrder) {
  ExpectIndexed(SessionPageQuery(WhichSessions::All), "session_by_activity");
  ExpectIndexed(SessionPageQuery(WhichSessions::Open), "session_open");
}

TEST_F(QueryPlan, WhatIsOldIsFoundByAnIndex) {
  ExpectIndexed(kOldSessionsQuery, "session_by_activity");
  ExpectIndexed(kOldQuarantinedQuery, "quarantine_by_age");
}

TEST_F(QueryPlan, TheActionsOfAQueueAreFoundWithoutReadingIt) {
  ExpectIndexed("SELECT min(action) FROM delivery WHERE action > ?", "COVERING INDEX");
}

}  // namespace
}  // namespace relay
