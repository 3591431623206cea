// Compiled jq programs. The only layer that includes <jq.h>.
//
// A Program or an Input belongs to one thread at a time, since libjq counts references without a
// lock; it may move to another thread between two calls. Different Programs run in parallel.
// Compiling costs 15-40 ms, nearly all of it for jq's own library, however many expressions there
// are; running one costs 5-20 microseconds.
//
// Expressions are those of jq 1.6, with these differences, which keep the process and its secrets
// safe from what is posted:
//   $ENV, env           are {}: secrets come from $secret alone
//   debug, stderr       pass their input on and write nothing
//   halt, halt_error    are an error, as error() is: libjq frees twice what a halt leaves behind
//   input, inputs       find no input; input_filename is null
//   import, include     do not compile
//   "g" in match etc.   leaves out matches of nothing, as if the flag n were set: jq 1.6 never ends
//                       (gsub("^ *"; "")) or crashes (scan("x*") after an "é") on these
//   gsub("^a"; "")      replaces once: jq 1.6 starts anew behind each replacement
//   index("") etc.      find nothing; jq 1.6 never ends
//   todate, strftime    of a number beyond the calendar are an error; jq 1.6 ends the process
//   tonumber            refuses "nan"
//
// And these are added (expr/prelude.h):
//   truncate_chars(n)   at most n characters, or n bytes of UTF-8; what is cut ends in "[cut]"
//   truncate_bytes(n)
//   html                escaped, and with <br> for line breaks
//   adf                 an Atlassian document of a text, a paragraph for each line
//   soql, odata         escaped for a text literal of either query language
//   label("CField1")    what [labels] calls a variable, else its name
//   $post               the post, also where "." is the answer to a request
//
// As in jq 1.6, error(null) is empty, and 1/0 with two constants does not compile. Definitions in
// ~/.jq count where HOME is set: the programs unset it before anything else. An expression may loop
// or use up memory as any program may, and a slice that starts at NaN (.[nan:]) ends the process:
// nothing here stops that.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace relay {

// Prepared input for programs, so that one document serves many of them without being converted
// again. A value that is nested deeper than 256 makes every run on it fail.
class Input {
 public:
  // `post` becomes ".", `secret` $secret, `step` $step. Nothing is kept of the arguments.
  Input(const Json& post, const Json& secret, const Json& step);

  // The value of a variable from now on: "secret", "step" or "token".
  void Bind(const char* variable, const Json& value);

  // For expressions over the answer to a request: "." is the answer, $post, $step and $token are
  // what they are here, $secret is empty. Does not convert the post again.
  Input ForAnswer(const Json& answer) const;

  ~Input();
  Input(Input&&) noexcept;
  Input& operator=(Input&&) noexcept;

 private:
  friend class Program;
  struct Value;
  explicit Input(std::unique_ptr<Value> value);
  std::unique_ptr<Value> value_;
};

class Program {
 public:
  // Any number of jq expressions, compiled into one program. BadInput names the first expression
  // that is wrong by its text's position in the list ("expression 2: ...") and why; messages of the
  // compiler speak of the expression, which the operator wrote, and of no value. Each expression
  // stands for itself: what one defines, another does not see.
  static Result<Program> Compile(const std::vector<std::string>& expressions);

  ~Program();
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;

  // One result for each expression, in order; the failure of one does not touch the others. No
  // output is null; several outputs are an error, and at the second the expression is stopped. An
  // error is Permanent and says what failed without any value: "cannot index number with string",
  // or "the expression failed" where jq's own words do not tell. Whole numbers are JSON integers,
  // NaN and infinity null.
  std::vector<Result<Json>> Run(const Input& input);

  // The result of one of them, by its place in the list.
  Result<Json> RunOne(const Input& input, std::size_t which);

 private:
  struct State;
  explicit Program(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace relay
