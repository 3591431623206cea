// One action of type "http": one request or several, one after the other.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "action/action.h"
#include "action/http_client.h"
#include "action/http_step.h"
#include "action/oauth2_client.h"
#include "action/patience.h"
#include "action/rendering.h"

namespace relay {

class HttpAction : public Action {
 public:
  HttpAction(const ActionConfig& config, const HttpConfig& http, const Surroundings& surroundings,
             Program program);

  // What earlier steps and the token endpoint would tell stands as "step.NAME" and
  // "https://token.NAME".
  Result<Preview> Describe(const Work& work) override;
  Outcome Run(const Work& work) override;
  Members Wanted() const override { return wanted_; }

 private:
  // What is known in the course of one try.
  struct Course {
    const Work& work;
    Rendering rendering;
    Patience patience;
    Json found = Json::object();  // $step
    std::string access_token = {};
    std::string answer = {};  // the latest, for the operator
  };
  enum class Progress { NextStep, AllDone };

  std::variant<Progress, Outcome> RunStep(const HttpStep& step, Course& course);
  Result<bool> Concerns(const HttpStep& step, Course& course);
  std::variant<HttpAnswer, Outcome> Exchange(const HttpStep& step, HttpRequest request,
                                             Course& course);
  std::variant<HttpAnswer, Outcome> Send(const HttpStep& step, HttpRequest& request,
                                         Course& course);
  std::optional<Outcome> GetToken(const std::string& refused, Course& course);
  Result<void> AddCredentials(HttpRequest& request, const std::string& access_token,
                              Rendering& rendering) const;
  std::optional<Outcome> Extract(const HttpStep& step, Rendering& of_answer, Course& course) const;

  const ActionConfig& config_;
  const HttpConfig& http_;
  const Surroundings surroundings_;
  Program program_;
  Members wanted_;
  HttpClient client_;
  std::optional<OAuth2Client> oauth2_;
};

}  // namespace relay
