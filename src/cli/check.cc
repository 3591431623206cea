#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "action/action.h"
#include "cli/commands.h"
#include "cli/dump.h"
#include "cli/made_up_post.h"
#include "cli/workplace.h"
#include "expr/program.h"
#include "intake/planner.h"
#include "store/sqlite_store.h"
#include "watch/alerts.h"

namespace relay {
namespace {

// Empty where nothing is wrong with what an action would do.
std::string ProblemWith(Action& action, const ActionConfig& config, const Json& document) {
  const auto preview = action.Describe({document, "check"});
  if (!preview) return preview.error().message;
  if (!std::holds_alternative<ExecConfig>(config.what)) return "";
  const auto program = preview->json["argv"].at(0).get<std::string>();
  if (access(program.c_str(), X_OK) == 0) return "";
  return "argv: the program cannot be run: " + std::generic_category().message(errno);
}

// Renders an action against each of the documents that its `when` selects.
void CheckRendering(const Config& config, const ActionConfig& action,
                    const std::vector<Json>& documents, Planner& planner, Problems& problems) {
  const std::atomic<bool> never{false};
  auto made = MakeAction(action, {config, never});
  if (!made) return;  // CheckExpressions() has said so
  for (const Json& document : documents) {
    for (const NewDelivery& delivery : planner.Select(document)) {
      if (delivery.action != action.name) continue;
      const std::string where =
          fmt::format("{}:{}: action \"{}\": ", config.file, action.line, action.name);
      std::string problem = delivery.dead_reason;
      if (problem.empty()) problem = ProblemWith(**made, action, document);
      if (problem.empty()) continue;
      problems.push_back(fmt::format("{}{} (with a made-up post of event \"{}\")", where, problem,
                                     document["event"].get<std::string>()));
      return;  // once is enough
    }
  }
}

// The one that [notify] names is rendered against a made-up alert.
void CheckNotifying(const Config& config, const ActionConfig& action, Problems& problems) {
  const std::atomic<bool> never{false};
  auto made = MakeAction(action, {config, never});
  if (!made) return;  // CheckExpressions() has said so
  const Json document = AlertDocument(MakeUpAlert(), SystemClock().Now(), "check", 1);
  const std::string problem = ProblemWith(**made, action, document);
  if (problem.empty()) return;
  problems.push_back(fmt::format("{}:{}: action \"{}\": {} (with a made-up alert, for [notify])",
                                 config.file, action.line, action.name, problem));
}

// In jq whatever is neither false nor null counts as true; an object always does, and is what an
// assignment gives.
void CheckWhen(const Config& config, const ActionConfig& action, const std::vector<Json>& documents,
               Problems& problems) {
  if (!action.when) return;
  auto program = Program::Compile({action.when->text});
  if (!program) return;  // CheckExpressions() has said so
  const Json nothing = Json::object();
  for (const Json& document : documents) {
    const auto answer = program->RunOne(Input(document, nothing, nothing), 0);
    if (!answer || !answer->is_structured()) continue;
    problems.push_back(fmt::format(
        "{}:{}: action \"{}\": when: gives an {}, which counts as true whatever is posted; to "
        "compare is ==, not =",
        config.file, action.line, action.name, answer->is_object() ? "object" : "array"));
    return;
  }
}

Problems CheckActions(const std::shared_ptr<const Config>& config) {
  Problems problems = CheckExpressions(*config);
  auto documents = MakeUpDocuments(*config, SystemClock().Now());
  if (!documents) return {documents.error().message};
  Planner planner(config);
  for (const ActionConfig& action : config->actions) {
    if (config->NotifiesBy(action.name)) {
      CheckNotifying(*config, action, problems);
    } else {
      CheckWhen(*config, action, *documents, problems);
      CheckRendering(*config, action, *documents, planner, problems);
    }
  }
  return problems;
}

// A store that is not there yet is made by script.fcgi, as the user it runs as.
Problems CheckStore(const Config& config) {
  const std::filesystem::path path(config.store.path);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    const auto folder = path.parent_path();
    if (std::filesystem::is_directory(folder, error)) return {};
    return {"store: the folder " + folder.string() +
            " does not exist; create it, owned by the user that script.fcgi runs as"};
  }
  auto store = SqliteStore::Open(path, sql::OpenMode::ReadOnly);
  if (!store) return {"store: " + store.error().message};
  return {};
}

void PrintProblems(const Options& options, const Problems& problems) {
  for (const std::string& problem : problems) {
    if (options.json) {
      fmt::print("{}\n", ToText({{"problem", problem}}));
    } else {
      fmt::print(stderr, "{}\n", problem);
    }
  }
}

}  // namespace

int Check(const Options& options) {
  LoadedConfig loaded = LoadConfig(options.config, ProcessEnvironment());
  if (!loaded.config) {
    PrintProblems(options, loaded.problems);
    return kExitConfig;
  }
  const auto config = std::make_shared<const Config>(std::move(*loaded.config));
  const Problems wrong = CheckActions(config);
  const Problems store = CheckStore(*config);
  PrintProblems(options, wrong);
  PrintProblems(options, store);
  if (options.dump) fmt::print("{}", DumpConfig(*config));
  if (!wrong.empty()) return kExitConfig;
  if (!store.empty()) return kExitFailed;
  const std::string file = config->file.empty() ? "the built-in defaults" : config->file;
  const std::string notifying =
      config->notify ? fmt::format(" ({} notifies and gets no posts)", config->notify->action) : "";
  fmt::print(stderr, "{}: the configuration is in order, with {} actions{}; the store is {}\n",
             file, config->actions.size(), notifying, config->store.path);
  return kExitDone;
}

}  // namespace relay
