#include "action/sql_failure.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

OutcomeKind KindOf(const char* sqlstate) {
  return OutcomeOf({TroubleOf(sqlstate), sqlstate}, "sql").kind;
}

TEST(SqlFailure, IsTriedAgainWhereTheDatabaseMayDoItLater) {
  for (const char* state : {"08000", "08006", "08S01", "40001", "40P01", "53100", "53300", "57014",
                            "57P01", "57P03", "25006", "55P03", "58030", "HYT00", "HYT01"}) {
    EXPECT_EQ(KindOf(state), OutcomeKind::Retry) << state;
  }
}

TEST(SqlFailure, PausesTheActionWhereItMayNotDoIt) {
  for (const char* state : {"28000", "28P01", "42501"}) {
    EXPECT_EQ(KindOf(state), OutcomeKind::AuthRefused) << state;
  }
}

TEST(SqlFailure, IsDeadWhereTheDatabaseWillNeverDoIt) {
  for (const char* state : {"22001", "22P02", "23505", "23502", "42601", "42P01", "HY000", ""}) {
    EXPECT_EQ(KindOf(state), OutcomeKind::Dead) << state;
  }
}

TEST(SqlFailure, SaysTheCodeAndKeepsTheWordsOfTheDatabaseForTheOperator) {
  const Outcome outcome =
      OutcomeOf({SqlTrouble::Wrong, "SQLSTATE 23505", "Key (id)=(7001) exists"}, "sql");
  EXPECT_EQ(outcome.reason, "sql: SQLSTATE 23505");
  EXPECT_EQ(outcome.answer, "Key (id)=(7001) exists");
  EXPECT_EQ(outcome.reach, Reach::Answered);
}

}  // namespace
}  // namespace relay
