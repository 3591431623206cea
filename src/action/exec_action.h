// One action of type "exec": a program for each delivery, without a shell, with the post on its
// standard input.
#pragma once

#include <string>
#include <vector>

#include "action/action.h"
#include "action/child.h"
#include "action/rendering.h"
#include "action/run_child.h"

namespace relay {

class ExecAction : public Action {
 public:
  ExecAction(const ActionConfig& config, const ExecConfig& exec, const Surroundings& surroundings,
             Program program)
      : config_(config), exec_(exec), surroundings_(surroundings), program_(std::move(program)) {}

  Result<Preview> Describe(const Work& work) override;
  Outcome Run(const Work& work) override;

 private:
  struct Command {
    std::vector<std::string> argv;
    std::vector<std::string> environment;
  };
  Result<Command> Render(const Work& work);
  Result<Child> Start(const Work& work, Command command) const;
  std::string Masked(std::string text) const;

  const ActionConfig& config_;
  const ExecConfig& exec_;
  const Surroundings surroundings_;
  Program program_;
};

}  // namespace relay
