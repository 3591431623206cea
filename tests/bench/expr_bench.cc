// What an expression costs: compiling a program once per thread, running it once per post.
#include <benchmark/benchmark.h>

#include "expr/program.h"

namespace relay {
namespace {

Json Post() {
  Json post;
  for (int i = 0; i < 32; ++i) post["Variable" + std::to_string(i)] = "a value of usual length";
  post["event"] = "closed";
  post["Tracking0"] = "A-4711";
  post["ChatLog"] = post["transcript"] = std::string(4096, 'x');
  return post;
}

const char* const kWhen = R"(.event == "closed" and .Tracking0 != "")";

void Compile(benchmark::State& state) {
  const std::vector<std::string> expressions(static_cast<std::size_t>(state.range(0)), kWhen);
  for (auto _ : state) benchmark::DoNotOptimize(Program::Compile(expressions));
}
BENCHMARK(Compile)->Arg(1)->Arg(8)->Arg(64)->Unit(benchmark::kMillisecond);

void BuildInput(benchmark::State& state) {
  const Json post = Post();
  for (auto _ : state) benchmark::DoNotOptimize(Input(post, nullptr, nullptr));
}
BENCHMARK(BuildInput)->Unit(benchmark::kMicrosecond);

void Run(benchmark::State& state, const char* expression, int expressions) {
  Result<Program> program =
      Program::Compile({static_cast<std::size_t>(expressions), std::string(expression)});
  const Input input(Post(), nullptr, nullptr);
  for (auto _ : state) benchmark::DoNotOptimize(program->Run(input));
}
BENCHMARK_CAPTURE(Run, when, kWhen, 1)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Run, when_8_times, kWhen, 8)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Run, transcript, ".transcript", 1)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Run, gsub, R"j(.transcript | gsub("y"; "z"))j", 1)->Unit(benchmark::kMicrosecond);

void InputAndRun(benchmark::State& state) {
  Result<Program> program = Program::Compile({kWhen});
  const Json post = Post();
  for (auto _ : state) benchmark::DoNotOptimize(program->Run(Input(post, nullptr, nullptr)));
}
BENCHMARK(InputAndRun)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace relay

BENCHMARK_MAIN();
