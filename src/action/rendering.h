// From an action's templates and a post to what is sent: the values of the expressions, each in
// the form of the place where it stands.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "config/template.h"
#include "expr/program.h"

namespace relay {

// One document for the expressions of one action. Belongs to one thread; `program` outlives it.
class Rendering {
 public:
  Rendering(Program& program, const Json& document, const Json& secrets)
      : program_(program), input_(document, secrets, Json::object()) {}

  // For the expressions over the answer to a request; see Input.
  Rendering ForAnswer(const Json& answer) const { return {program_, input_.ForAnswer(answer)}; }

  // The value of $step or $token from now on.
  void Bind(const char* variable, const Json& value) { input_.Bind(variable, value); }

  // Errors are Permanent and name the place, never a value.
  Result<std::string> Text(const PlacedTemplate& placed, Destination destination);
  // A template that is one expression keeps the type of its value.
  Result<Json> Value(const PlacedTemplate& placed);
  Result<Json> Value(const JsonTemplate& json);
  // The value of each of its expressions.
  Result<std::vector<Json>> Values(const PlacedTemplate& placed);

  Result<Json> Value(ExpressionNumber expression) { return program_.RunOne(input_, expression); }
  // Neither null nor false.
  Result<bool> Holds(ExpressionNumber expression);

 private:
  Rendering(Program& program, Input input) : program_(program), input_(std::move(input)) {}

  Program& program_;
  Input input_;
};

}  // namespace relay
