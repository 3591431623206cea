#include "action/action.h"

#include "action/database_action.h"
#include "action/exec_action.h"
#include "action/file_action.h"
#include "action/http_action.h"
#include "action/mail_action.h"
#include "expr/program.h"

namespace relay {
namespace {

struct ActionMaker {
  const ActionConfig& action;
  const Surroundings& surroundings;
  Program program;

  std::unique_ptr<Action> operator()(const HttpConfig& http) {
    return std::make_unique<HttpAction>(action, http, surroundings, std::move(program));
  }
  std::unique_ptr<Action> operator()(const DatabaseConfig& database) {
    return std::make_unique<DatabaseAction>(action, database, surroundings, std::move(program));
  }
  std::unique_ptr<Action> operator()(const MailConfig& mail) {
    return std::make_unique<MailAction>(action, mail, surroundings, std::move(program));
  }
  std::unique_ptr<Action> operator()(const FileConfig& file) {
    return std::make_unique<FileAction>(action, file, surroundings, std::move(program));
  }
  std::unique_ptr<Action> operator()(const ExecConfig& exec) {
    return std::make_unique<ExecAction>(action, exec, surroundings, std::move(program));
  }
};

}  // namespace

Result<std::unique_ptr<Action>> MakeAction(const ActionConfig& action,
                                           const Surroundings& surroundings) {
  std::vector<std::string> texts;
  for (const PlacedExpression& expression : action.expressions) texts.push_back(expression.text);
  auto program = Program::Compile(texts);
  if (!program) return program.error().Context("action " + action.name);
  return std::visit(ActionMaker{action, surroundings, std::move(*program)}, action.what);
}

}  // namespace relay
