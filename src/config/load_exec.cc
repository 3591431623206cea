#include "config/load_exec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace relay {
namespace {

void LoadArgv(ActionReader& action, ExecConfig& exec) {
  const toml::node* node = action.Find("argv");
  if (node == nullptr) return action.Problem("argv", "is missing");
  const toml::array* list = node->as_array();
  if (list == nullptr || list->empty()) {
    return action.Problem("argv", R"(must be a list: ["/path/of/the/program", "its argument"])");
  }
  exec.argv = action.TemplateList("argv");
  const auto* program = (*list)[0].as_string();
  if (program == nullptr) return;  // noted already
  if (!program->get().starts_with('/')) {
    action.Problem("argv", "the program must be named by its absolute path");
  }
  if (!exec.argv.front().text.expressions().empty()) {
    action.Problem("argv", "the program cannot be chosen by an expression");
  }
}

bool IsName(const std::string& name) {
  const auto is_part = [](unsigned char c) { return c == '_' || std::isalnum(c) != 0; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::all_of(name.begin(), name.end(), is_part);
}

void LoadEnv(ActionReader& action, ExecConfig& exec) {
  exec.env = action.Templates("env");
  for (const NamedTemplate& variable : exec.env) {
    if (!IsName(variable.name)) {
      action.Problem("env", fmt::format("\"{}\" is no name of a variable", variable.name));
    }
    if (variable.name.starts_with("RESCUE_RELAY_")) {
      action.Problem("env", variable.name + " is not for the configuration to set");
    }
  }
}

void LoadLimits(ActionReader& action, ExecConfig::Limits& limits) {
  const toml::table* table = action.Table("limits");
  if (table == nullptr) return;
  ActionReader reader = action.Within("limits", table);
  limits.memory = reader.SizeOf("memory");
  if (const auto cpu = reader.DurationOf("cpu")) {
    limits.cpu = std::chrono::duration_cast<std::chrono::seconds>(*cpu);
    if (*limits.cpu != *cpu) reader.Problem("cpu", "must be whole seconds");
  }
  constexpr int kStandard = 3;
  constexpr int kMostFiles = 1 << 20;
  limits.files = reader.IntegerIn("files", kStandard, kMostFiles);
  reader.Finish();
}

}  // namespace

ExecConfig LoadExec(ActionReader& action) {
  ExecConfig exec;
  LoadArgv(action, exec);
  LoadEnv(action, exec);
  exec.directory = action.String("directory").value_or(exec.directory);
  if (!exec.directory.starts_with('/')) {
    action.Problem("directory", R"(must be absolute: it must begin with "/")");
  }
  LoadLimits(action, exec.limits);
  return exec;
}

}  // namespace relay
