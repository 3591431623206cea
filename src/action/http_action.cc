#include "action/http_action.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "action/kept_answer.h"
#include "action/mask.h"
#include "expr/members_used.h"

namespace relay {
namespace {

Outcome Dead(const Error& error) {
  return {OutcomeKind::Dead, error.message, {}};
}

// Stands for what only the target can tell.
Json StepPlaceholders(const HttpConfig& http) {
  Json names = Json::object();
  for (const HttpStep& step : http.steps) {
    for (const HttpStep::Extract& extract : step.extract) {
      names[extract.name] = "step." + extract.name;
    }
  }
  return names;
}

// The same for the members of a token answer that an expression names: most of them are the
// beginning of a URL.
Json TokenPlaceholders(const ActionConfig& config) {
  constexpr std::string_view kVariable = "$token.";
  Json names = Json::object();
  for (const PlacedExpression& expression : config.expressions) {
    const std::string& text = expression.text;
    for (std::size_t at = 0; (at = text.find(kVariable, at)) != std::string::npos;) {
      at += kVariable.size();
      const auto end =
          std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                           [](unsigned char c) { return c == '_' || std::isalnum(c); });
      const std::string name(text.begin() + static_cast<std::ptrdiff_t>(at), end);
      names[name] = "https://token." + name;
    }
  }
  return names;
}

Json JsonOf(const HttpRequest& request) {
  return {{"method", request.method},
          {"url", request.url},
          {"body", request.body ? Json(*request.body) : Json()}};
}

}  // namespace

HttpAction::HttpAction(const ActionConfig& config, const HttpConfig& http,
                       const Surroundings& surroundings, Program program)
    : config_(config),
      http_(http),
      surroundings_(surroundings),
      program_(std::move(program)),
      client_(surroundings.stop) {
  wanted_.names.emplace();
  for (const PlacedExpression& expression : config.expressions) {
    wanted_.Add(MembersUsed(expression.text));
  }
  if (const auto* oauth2 = std::get_if<OAuth2>(&http.auth)) {
    const std::filesystem::path store(surroundings.config.store.path);
    oauth2_.emplace(http, *oauth2, store.parent_path() / "tokens");
  }
}

Result<void> HttpAction::AddCredentials(HttpRequest& request, const std::string& access_token,
                                        Rendering& rendering) const {
  if (const auto* basic = std::get_if<BasicAuth>(&http_.auth)) {
    auto username = rendering.Text(basic->username, Destination::Header);
    if (!username) return username.error();
    auto password = rendering.Text(basic->password, Destination::Header);
    if (!password) return password.error();
    request.basic = {std::move(*username), std::move(*password)};
  }
  if (const auto* bearer = std::get_if<BearerAuth>(&http_.auth)) {
    auto token = rendering.Text(bearer->token, Destination::Header);
    if (!token) return token.error();
    request.headers.push_back({"Authorization", "Bearer " + *token});
  }
  if (const auto* oauth2 = std::get_if<OAuth2>(&http_.auth)) {
    request.headers.push_back({"Authorization", oauth2->scheme + " " + access_token});
  }
  return {};
}

Result<Preview> HttpAction::Describe(const Work& work) {
  const Json& secrets = surroundings_.config.secrets;
  Course course{work, Rendering(program_, work.document, secrets),
                Patience(config_.timeout, surroundings_.stop)};
  course.rendering.Bind("step", StepPlaceholders(http_));
  course.rendering.Bind("token", TokenPlaceholders(config_));
  Preview preview{"", Json::array()};
  if (oauth2_) {
    auto request = oauth2_->RenderTokenRequest("", course.rendering);
    if (!request) return request.error();
    preview.text += fmt::format("# unless there is a token already\nPOST {}\n\n", request->url);
  }
  for (const HttpStep& step : http_.steps) {
    if (step.when) {
      auto concerns = course.rendering.Holds(*step.when);
      if (!concerns) return concerns.error().Context(step.place + "when");
      if (!*concerns) continue;
    }
    auto request = RenderRequest(http_, step, work, course.rendering);
    if (!request) return request.error();
    auto added = AddCredentials(*request, "********", course.rendering);
    if (!added) return added.error();
    if (step.dedup) preview.text += "# only where an earlier try may have come through\n";
    preview.text += request->Describe();
    if (&step != &http_.steps.back()) preview.text += "\n";
    preview.json.push_back(JsonOf(*request));
  }
  preview.text = MaskSecrets(std::move(preview.text), secrets);
  preview.json = Json::parse(MaskSecrets(ToText(preview.json), secrets));
  // Most actions are one request.
  if (http_.steps.size() == 1 && preview.json.size() == 1) preview.json = Json(preview.json[0]);
  return preview;
}

Outcome HttpAction::Run(const Work& work) {
  const Json& secrets = surroundings_.config.secrets;
  Course course{work, Rendering(program_, work.document, secrets),
                Patience(config_.timeout, surroundings_.stop)};
  Outcome outcome{OutcomeKind::Done, "", {}, Reach::Answered};
  for (const HttpStep& step : http_.steps) {
    auto progress = RunStep(step, course);
    if (auto* failed = std::get_if<Outcome>(&progress)) {
      if (step.optional && failed->kind != OutcomeKind::Interrupted) continue;
      outcome = std::move(*failed);
      break;
    }
    if (std::get<Progress>(progress) == Progress::AllDone) break;
  }
  outcome.answer = KeptAnswer(std::move(course.answer), Keep::Beginning, secrets);
  return outcome;
}

Result<bool> HttpAction::Concerns(const HttpStep& step, Course& course) {
  if (step.dedup && course.work.attempt <= 1) return false;
  if (!step.when) return true;
  auto holds = course.rendering.Holds(*step.when);
  if (!holds) return holds.error().Context(step.place + "when");
  return holds;
}

std::variant<HttpAction::Progress, Outcome> HttpAction::RunStep(const HttpStep& step,
                                                                Course& course) {
  const auto concerns = Concerns(step, course);
  if (!concerns) return Dead(concerns.error());
  if (!*concerns) return Progress::NextStep;
  if (oauth2_ && course.access_token.empty()) {
    if (auto failed = GetToken("", course)) return std::move(*failed);
  }
  auto request = RenderRequest(http_, step, course.work, course.rendering);
  if (!request) return Dead(request.error());
  auto exchanged = Exchange(step, std::move(*request), course);
  if (auto* failed = std::get_if<Outcome>(&exchanged)) return std::move(*failed);
  const auto& answer = std::get<HttpAnswer>(exchanged);
  course.answer = ToText(answer);
  Rendering of_answer =
      course.rendering.ForAnswer(LooksAtAnswer(step) ? ToDocument(answer) : Json());
  Judgement judgement = Judge(step, answer, of_answer);
  if (judgement.verdict == Verdict::Failed) return std::move(judgement.outcome);
  if (judgement.verdict == Verdict::AlreadyDone) return Progress::AllDone;
  if (auto failed = Extract(step, of_answer, course)) return std::move(*failed);
  return Progress::NextStep;
}

// A token that is refused is renewed, once.
std::variant<HttpAnswer, Outcome> HttpAction::Exchange(const HttpStep& step, HttpRequest request,
                                                       Course& course) {
  const std::size_t own_headers = request.headers.size();
  auto sent = Send(step, request, course);
  const auto* answer = std::get_if<HttpAnswer>(&sent);
  if (!oauth2_ || answer == nullptr || answer->status != 401) return sent;
  if (auto failed = GetToken(course.access_token, course)) return std::move(*failed);
  request.headers.resize(own_headers);
  return Send(step, request, course);
}

std::variant<HttpAnswer, Outcome> HttpAction::Send(const HttpStep& step, HttpRequest& request,
                                                   Course& course) {
  const auto added = AddCredentials(request, course.access_token, course.rendering);
  if (!added) return Dead(added.error());
  request.timeout = course.patience.left();
  if (request.timeout == Duration::zero()) {
    return Outcome{
        OutcomeKind::Retry, step.place + "the time was up before it was sent", {}, Reach::Failed};
  }
  auto sent = client_.Send(request);
  if (const auto* error = std::get_if<SendError>(&sent)) return OutcomeOf(*error, step.place);
  return std::move(std::get<HttpAnswer>(sent));
}

std::optional<Outcome> HttpAction::GetToken(const std::string& refused, Course& course) {
  auto got = oauth2_->Get(refused, course.rendering, client_, course.patience);
  if (auto* failed = std::get_if<Outcome>(&got)) return std::move(*failed);
  auto& token = std::get<Token>(got);
  course.rendering.Bind("token", token.more);
  course.access_token = std::move(token.access_token);
  return std::nullopt;
}

std::optional<Outcome> HttpAction::Extract(const HttpStep& step, Rendering& of_answer,
                                           Course& course) const {
  for (const HttpStep::Extract& extract : step.extract) {
    auto value = of_answer.Value(extract.value);
    if (!value) {
      return Dead(value.error().Context(fmt::format("{}extract.{}", step.place, extract.name)));
    }
    course.found[extract.name] = std::move(*value);
  }
  if (!step.extract.empty()) course.rendering.Bind("step", course.found);
  return std::nullopt;
}

}  // namespace relay
