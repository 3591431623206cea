#include "action/exec_action.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sysexits.h>

#include <cerrno>
#include <map>
#include <system_error>

#include "action/held_signal.h"
#include "action/kept_answer.h"
#include "action/mask.h"

namespace relay {
namespace {

constexpr const char* kPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::string InputOf(const Work& work) {
  return ToText(work.document) + "\n";
}

// A file without a name rather than a pipe: a program need not read it, nor at our pace.
Result<UniqueFd> FileWith(std::string_view text) {
  const auto failed = [] {
    return Error{ErrorKind::Temporary,
                 "prepare its input: " + std::generic_category().message(errno)};
  };
  const HeldSignal beyond_the_limit(SIGXFSZ);
  UniqueFd file(memfd_create("post", MFD_CLOEXEC));
  if (!file) return failed();
  for (off_t at = 0; static_cast<std::size_t>(at) < text.size();) {
    const std::string_view rest = text.substr(static_cast<std::size_t>(at));
    const ssize_t written = pwrite(file.get(), rest.data(), rest.size(), at);
    if (written < 0 && errno != EINTR) return failed();
    if (written > 0) at += written;
  }
  return file;
}

std::vector<ChildLimit> LimitsOf(const ExecConfig::Limits& limits) {
  std::vector<ChildLimit> all;
  if (limits.memory) all.push_back({RLIMIT_AS, *limits.memory});
  if (limits.cpu) all.push_back({RLIMIT_CPU, static_cast<rlim_t>(limits.cpu->count())});
  if (limits.files) all.push_back({RLIMIT_NOFILE, static_cast<rlim_t>(*limits.files)});
  return all;
}

Outcome OutcomeOf(const ChildStatus& status) {
  if (status.signal != 0) {
    return {
        OutcomeKind::Dead, fmt::format("killed by signal {}", status.signal), {}, Reach::Answered};
  }
  if (status.exit == EX_OK) return {OutcomeKind::Done, "", {}, Reach::Answered};
  std::string reason = fmt::format("exit status {}", status.exit);
  if (status.exit == EX_TEMPFAIL) return {OutcomeKind::Retry, std::move(reason), {}, Reach::Failed};
  return {OutcomeKind::Dead, std::move(reason), {}, Reach::Answered};
}

}  // namespace

std::string ExecAction::Masked(std::string text) const {
  return MaskSecrets(std::move(text), surroundings_.config.secrets);
}

Result<ExecAction::Command> ExecAction::Render(const Work& work) {
  Rendering rendering(program_, work.document, surroundings_.config.secrets);
  Command command;
  for (const PlacedTemplate& argument : exec_.argv) {
    auto text = rendering.Text(argument, Destination::Argument);
    if (!text) return text.error();
    command.argv.push_back(std::move(*text));
  }
  std::map<std::string, std::string> variables{
      {"PATH", kPath},
      {"LANG", "C.UTF-8"},
      {"RESCUE_RELAY_DELIVERY", work.key},
      {"RESCUE_RELAY_ATTEMPT", std::to_string(work.attempt)}};
  if (!work.traceparent.empty()) variables["TRACEPARENT"] = work.traceparent;
  for (const NamedTemplate& variable : exec_.env) {
    auto text = rendering.Text(variable.value, Destination::Argument);
    if (!text) return text.error();
    variables[variable.name] = std::move(*text);
  }
  for (const auto& [name, value] : variables) {
    command.environment.push_back(fmt::format("{}={}", name, value));
  }
  return command;
}

Result<Preview> ExecAction::Describe(const Work& work) {
  const auto command = Render(work);
  if (!command) return command.error();
  const Json json{{"argv", command->argv},
                  {"env", command->environment},
                  {"directory", exec_.directory},
                  {"stdin", InputOf(work)}};
  Preview preview;
  for (const std::string& argument : command->argv) preview.text += ToText(argument) + "\n";
  preview.text += fmt::format("# in the folder {}, with\n", exec_.directory);
  for (const std::string& variable : command->environment) preview.text += variable + "\n";
  preview.text = Masked(preview.text + "\n" + InputOf(work));
  preview.json = Json::parse(Masked(ToText(json)));
  return preview;
}

Result<Child> ExecAction::Start(const Work& work, Command command) const {
  const auto input = FileWith(InputOf(work));
  if (!input) return input.error();
  return Child::Start({std::move(command.argv), std::move(command.environment), exec_.directory,
                       LimitsOf(exec_.limits), input->get()});
}

Outcome ExecAction::Run(const Work& work) {
  const Patience patience(config_.timeout, surroundings_.stop);
  auto command = Render(work);
  if (!command) return {OutcomeKind::Dead, command.error().message, {}};
  auto child = Start(work, std::move(*command));
  if (!child) {
    const bool too_long = child.error().kind == ErrorKind::Permanent;
    return {too_long ? OutcomeKind::Dead : OutcomeKind::Retry,
            "argv: " + child.error().message,
            {},
            too_long ? Reach::Unknown : Reach::Failed};
  }
  ChildEnding ending = SeeThrough(std::move(*child), patience);
  Outcome outcome;
  switch (ending.why) {
    case ChildEnding::Why::ByItself:
      outcome = ending.status ? OutcomeOf(*ending.status)
                              : Outcome{OutcomeKind::Retry, "its exit status is not known", {}};
      break;
    case ChildEnding::Why::TimeIsUp:
      outcome = {OutcomeKind::Retry, "it did not end in time", {}, Reach::Failed};
      break;
    case ChildEnding::Why::Stopped:
      outcome = {OutcomeKind::Interrupted, "it was ended with this program", {}};
      break;
  }
  outcome.answer =
      KeptAnswer(std::move(ending.output), Keep::Beginning, surroundings_.config.secrets);
  return outcome;
}

}  // namespace relay
