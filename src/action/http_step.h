// One step of an HTTP action: its request, and what the answer to it means.
#pragma once

#include <string>

#include "action/action.h"
#include "action/http_message.h"
#include "action/rendering.h"
#include "config/action_config.h"
#include "model/delivery.h"

namespace relay {

// With what goes for every request of an action: where it may go, and the certificates.
HttpRequest NewRequest(const HttpConfig& http, const std::string& method);

// All but the credentials. Permanent where the step cannot be sent for this post.
Result<HttpRequest> RenderRequest(const HttpConfig& http, const HttpStep& step, const Work& work,
                                  Rendering& rendering);

enum class Verdict {
  Passed,       // on to the next step
  AlreadyDone,  // nothing is left to do for this delivery
  Failed,       // as the outcome says
};

struct Judgement {
  Verdict verdict = Verdict::Failed;
  Outcome outcome;  // of a failure
};

// Of the answer to a step, after the expressions of the configuration, and by the status where they
// have no say.
Judgement Judge(const HttpStep& step, const HttpAnswer& answer, Rendering& of_answer);

// Whether any expression of a step does.
bool LooksAtAnswer(const HttpStep& step);
// What expressions see of an answer: {status, headers, body}.
Json ToDocument(const HttpAnswer& answer);

// The answer as an operator reads it: its status and its body.
std::string ToText(const HttpAnswer& answer);

}  // namespace relay
