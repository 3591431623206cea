#include "model/fields.h"

#include <gtest/gtest.h>

#include <set>

#include "base/text.h"
#include "model/variables.h"

namespace relay {
namespace {

std::string FindOr(const Fields& fields, std::string_view variable, const std::string& absent) {
  const std::string* value = fields.Find(variable);
  return value == nullptr ? absent : *value;
}

TEST(Fields, AreFoundWithoutRegardToCase) {
  const Fields fields(FieldList{{"sessionid", "1"}, {"TECHID", "2"}});
  EXPECT_EQ(FindOr(fields, "SessionID", "absent"), "1");
  EXPECT_EQ(FindOr(fields, "TechID", "absent"), "2");
}

TEST(Fields, TellMissingFromEmpty) {
  const Fields fields(FieldList{{"CField0", ""}});
  EXPECT_EQ(FindOr(fields, "CField0", "absent"), "");
  EXPECT_EQ(FindOr(fields, "CField1", "absent"), "absent");
}

TEST(Fields, OfARepeatedVariableTheFirstThatIsNotEmptyCounts) {
  const Fields fields(FieldList{{"Tracking0", ""}, {"tracking0", "A"}, {"Tracking0", "B"}});
  EXPECT_EQ(FindOr(fields, "Tracking0", "absent"), "A");
}

TEST(Fields, ReadNoteAsNotes) {
  EXPECT_EQ(FindOr(Fields(FieldList{{"note", "n"}}), "Notes", "absent"), "n");
  EXPECT_EQ(FindOr(Fields(FieldList{{"Notes", ""}, {"Note", "n"}}), "Notes", "absent"), "n");
  EXPECT_EQ(FindOr(Fields(FieldList{{"Note", "n"}, {"Notes", "ns"}}), "Notes", "absent"), "ns");
  EXPECT_EQ(FindOr(Fields(FieldList{{"Notes", ""}}), "Notes", "absent"), "");
  EXPECT_EQ(FindOr(Fields(), "Notes", "absent"), "absent");
}

TEST(Fields, KeepWhatIsUnknownInItsOrder) {
  Fields fields;
  fields.Add("z", "1");
  fields.Add("a", "2");
  EXPECT_EQ(fields.all(), (FieldList{{"z", "1"}, {"a", "2"}}));
}

TEST(Variables, AreThirtyTwoDifferentNames) {
  std::set<std::string> names;
  for (const Variable& variable : kVariables) names.insert(ToLower(variable.name));
  EXPECT_EQ(names.size(), 32u);
}

}  // namespace
}  // namespace relay
