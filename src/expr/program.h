// Compiled jq programs. The only layer that includes <jq.h>.
//
// A Program belongs to one thread at a time: libjq keeps its state inside. Compiling costs about
// 15 ms, running 5-20 microseconds.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace relay {

// Prepared input for programs, so that one document serves many of them without being converted
// again. Belongs to one thread at a time.
class Input {
 public:
  // `post` becomes ".", `secret` $secret, `step` $step.
  Input(const Json& post, const Json& secret, const Json& step);
  ~Input();
  Input(Input&&) noexcept;
  Input& operator=(Input&&) noexcept;

 private:
  friend class Program;
  struct Value;
  std::unique_ptr<Value> value_;
};

class Program {
 public:
  // One or more jq expressions, compiled into one program. BadInput names the first expression that
  // is wrong by its text's position in the list ("expression 2: ...") and why; messages of the
  // compiler speak of the expression, which the operator wrote, and of no value.
  static Result<Program> Compile(const std::vector<std::string>& expressions);

  ~Program();
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;

  // One result for each expression, in order. No output is null; several outputs are an error. An
  // error is Permanent and says what failed without any value: "cannot index number with string".
  std::vector<Result<Json>> Run(const Input& input);

 private:
  struct State;
  explicit Program(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace relay
