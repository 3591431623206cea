#include "expr/program.h"

extern "C" {
#include <jq.h>
}

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "expr/failure.h"
#include "expr/jv_value.h"
#include "expr/label_calls.h"
#include "expr/prelude.h"
#include "expr/scan.h"

namespace relay {
namespace {

struct Teardown {
  void operator()(jq_state* jq) const { jq_teardown(&jq); }
};
using Jq = std::unique_ptr<jq_state, Teardown>;

void Swallow(void*, jv message) {
  jv_free(message);
}

// jq reports one message after another, then how many there were: the first tells the reason.
void KeepFirst(void* kept, jv message) {
  const JvValue owned(message);
  auto& first = *static_cast<std::string*>(kept);
  if (first.empty() && owned.kind() == JV_KIND_STRING) first = jv_string_value(owned.get());
}

Error Rejected(std::string reason) {
  return {ErrorKind::BadInput, std::move(reason)};
}

Result<Jq> CompileSource(const std::string& source) {
  Jq jq(jq_init());
  if (!jq) return Error{ErrorKind::Temporary, "no memory for a jq program"};
  // jq_init leaves these two as the memory was.
  jq_set_input_cb(jq.get(), nullptr, nullptr);
  jq_set_debug_cb(jq.get(), nullptr, nullptr);
  std::string first;
  jq_set_error_cb(jq.get(), KeepFirst, &first);
  const bool compiled = jq_compile(jq.get(), source.c_str()) != 0;
  jq_set_error_cb(jq.get(), Swallow, nullptr);
  if (!compiled) return Rejected(DescribeRejection(first));
  return jq;
}

std::string Opening() {
  return fmt::format(
      "{}{{}} as $ENV | .secret as $secret | .step as $step | .token as $token | .post as $post"
      " | def _label($name): ($post.labels? // {{}})[$name] // $name; ",
      kPrelude);
}

// One program for all: the input says which of the expressions to run.
std::string SourceOfAll(const std::vector<std::string>& expressions) {
  std::string source = Opening();
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    // The line breaks end a comment at the expression's end.
    source += fmt::format("{} .which == {} then .answer // .post | (\n{}\n)\n",
                          i == 0 ? "if" : "elif", i, RenameLabelCalls(expressions[i]));
  }
  return source + "else null end";
}

// Without brackets around it, so that jq says "unexpected end" and not "unexpected ')'".
std::string SourceOfOne(const std::string& expression) {
  return Opening() + ".post |\n" + RenameLabelCalls(expression);
}

std::optional<Error> CheckText(const std::string& expression) {
  const Scan scan = ScanExpression(expression, ScanUntil::EndOfText);
  if (scan.problem) return Rejected(*scan.problem);
  if (scan.blank) return Rejected("is empty");
  return std::nullopt;
}

std::optional<Error> CheckAlone(const std::string& expression) {
  const Result<Jq> jq = CompileSource(SourceOfOne(expression));
  return jq ? std::nullopt : std::optional(jq.error());
}

template <class Check>
std::optional<Error> FirstProblem(const std::vector<std::string>& expressions, Check check) {
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const std::optional<Error> problem = check(expressions[i]);
    if (problem) return problem->Context(fmt::format("expression {}", i + 1));
  }
  return std::nullopt;
}

Error Failed(std::string reason) {
  return {ErrorKind::Permanent, std::move(reason)};
}

// Why the program gave no more output; nothing where it came to its end.
std::optional<Error> Failure(const JvValue& last) {
  if (jv_invalid_has_msg(last.Copy()) == 0) return std::nullopt;
  const JvValue message(jv_invalid_get_msg(last.Copy()));
  if (message.kind() != JV_KIND_STRING) return Failed(DescribeFailure({}));
  return Failed(DescribeFailure(jv_string_value(message.get())));
}

Result<Json> RunProgram(jq_state* jq, const JvValue& root, std::size_t which) {
  const jv index = jv_number(static_cast<double>(which));
  jq_start(jq, jv_object_set(root.Copy(), jv_string("which"), index), 0);
  const JvValue first(jq_next(jq));
  if (first.kind() == JV_KIND_INVALID) {
    const std::optional<Error> failure = Failure(first);
    return failure ? Result<Json>(*failure) : Result<Json>(Json(nullptr));
  }
  const JvValue second(jq_next(jq));
  if (second.kind() != JV_KIND_INVALID) return Failed("gives more than one value");
  if (const std::optional<Error> failure = Failure(second)) return *failure;
  return ToJson(first);
}

}  // namespace

struct Input::Value {
  Result<JvValue> root;

  void Set(const char* variable, const Json& json) {
    if (!root) return;
    Result<JvValue> value = ToJv(json);
    if (value) {
      root = JvValue(jv_object_set(root->Release(), jv_string(variable), value->Release()));
    } else {
      root = value.error().Context(fmt::format("read the {} for expressions", variable));
    }
  }
};

Input::Input(const Json& post, const Json& secret, const Json& step)
    : value_(new Value{JvValue(jv_object())}) {
  value_->Set("post", post);
  Bind("secret", secret);
  Bind("step", step);
}
Input::Input(std::unique_ptr<Value> value) : value_(std::move(value)) {}
void Input::Bind(const char* variable, const Json& value) {
  value_->Set(variable, value);
}
Input Input::ForAnswer(const Json& answer) const {
  const Result<JvValue>& root = value_->root;
  Input input(
      std::unique_ptr<Value>(root ? new Value{JvValue(root->Copy())} : new Value{root.error()}));
  input.Bind("secret", Json::object());
  input.value_->Set("answer", answer);
  return input;
}
Input::~Input() = default;
Input::Input(Input&&) noexcept = default;
Input& Input::operator=(Input&&) noexcept = default;

struct Program::State {
  Jq jq;
  std::size_t expressions = 0;
};

Program::Program(std::unique_ptr<State> state) : state_(std::move(state)) {}
Program::~Program() = default;
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;

Result<Program> Program::Compile(const std::vector<std::string>& expressions) {
  auto state = std::make_unique<State>();
  if (expressions.empty()) return Program(std::move(state));
  if (const auto problem = FirstProblem(expressions, CheckText)) return *problem;
  Result<Jq> jq = CompileSource(SourceOfAll(expressions));
  if (!jq) {
    if (const auto problem = FirstProblem(expressions, CheckAlone)) return *problem;
    return jq.error();
  }
  state->jq = *std::move(jq);
  state->expressions = expressions.size();
  return Program(std::move(state));
}

Result<Json> Program::RunOne(const Input& input, std::size_t which) {
  const Result<JvValue>& root = input.value_->root;
  if (!root) return root.error();
  Result<Json> result = RunProgram(state_->jq.get(), *root, which);
  // jq keeps its input until the next start. Let go of it: the input may go on in another thread.
  jq_start(state_->jq.get(), jv_null(), 0);
  return result;
}

std::vector<Result<Json>> Program::Run(const Input& input) {
  std::vector<Result<Json>> results;
  results.reserve(state_->expressions);
  for (std::size_t i = 0; i < state_->expressions; ++i) results.push_back(RunOne(input, i));
  return results;
}

}  // namespace relay
