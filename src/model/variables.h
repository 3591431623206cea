// The 32 variables of a Post-to-URL request, under the names of the form format.
// Source: LogMeIn Rescue, "Post to URL" documentation.
#pragma once

#include <array>
#include <string_view>

namespace relay {

// g++ 12 takes the scoped Time for a shadow of relay::Time.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
enum class VariableType { Text, Number, Time };
#pragma GCC diagnostic pop

struct Variable {
  std::string_view name;
  VariableType type;
};

inline constexpr std::array<Variable, 32> kVariables{{
    {"SessionID", VariableType::Text},     {"TechID", VariableType::Text},
    {"TechSSOID", VariableType::Text},     {"TechName", VariableType::Text},
    {"TechEmail", VariableType::Text},     {"TechDescr", VariableType::Text},
    {"CField0", VariableType::Text},       {"CField1", VariableType::Text},
    {"CField2", VariableType::Text},       {"CField3", VariableType::Text},
    {"CField4", VariableType::Text},       {"CField5", VariableType::Text},
    {"Tracking0", VariableType::Text},     {"ChatLog", VariableType::Text},
    {"Notes", VariableType::Text},         {"WaitingTime", VariableType::Number},
    {"PickupTime", VariableType::Time},    {"ClosingTime", VariableType::Time},
    {"WorkTime", VariableType::Number},    {"LastActionTime", VariableType::Time},
    {"Transmitted", VariableType::Number}, {"Platform", VariableType::Text},
    {"TSurvey0", VariableType::Text},      {"TSurvey1", VariableType::Text},
    {"TSurvey2", VariableType::Text},      {"TSurvey3", VariableType::Text},
    {"TSurvey4", VariableType::Text},      {"TSurvey5", VariableType::Text},
    {"TSurvey6", VariableType::Text},      {"TSurvey7", VariableType::Text},
    {"TSurvey8", VariableType::Text},      {"TSurvey9", VariableType::Text},
}};

}  // namespace relay
