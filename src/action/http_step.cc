#include "action/http_step.h"

#include <fmt/format.h>

#include "action/http_body.h"
#include "action/retry_after.h"
#include "base/text.h"

namespace relay {
namespace {

bool IsWebAddress(const std::string& url) {
  const std::string scheme = ToLower(url.substr(0, url.find("://")));
  return scheme == "http" || scheme == "https";
}

bool HasHeader(const HttpRequest& request, std::string_view name) {
  for (const HttpHeader& header : request.headers) {
    if (EqualsIgnoringCase(header.name, name)) return true;
  }
  return false;
}

void AddDefaultHeader(HttpRequest& request, const std::string& name, const std::string& value) {
  if (!HasHeader(request, name)) request.headers.push_back({name, value});
}

Result<void> RenderHeaders(const std::vector<NamedTemplate>& headers, Rendering& rendering,
                           HttpRequest& request) {
  for (const NamedTemplate& header : headers) {
    auto value = rendering.Text(header.value, Destination::Header);
    if (!value) return value.error();
    request.headers.push_back({header.name, std::move(*value)});
  }
  return {};
}

// What a target would answer to what it cannot read may look like trouble of its own, which is
// tried again and again. Of a body by `json` there can be no doubt.
Result<void> CheckJson(const HttpRequest& request, const HttpBody& body) {
  if (std::holds_alternative<JsonBody>(body)) return {};
  for (const HttpHeader& header : request.headers) {
    if (!EqualsIgnoringCase(header.name, "Content-Type")) continue;
    const std::string type = ToLower(header.value);
    if (!type.starts_with("application/json") && type.find("+json") == std::string::npos) continue;
    if (request.body && !Json::accept(*request.body)) {
      return Error{ErrorKind::Permanent, "the body is not the JSON that Content-Type says"};
    }
  }
  return {};
}

// What a failure means by its status alone.
OutcomeKind KindOfStatus(int status) {
  if (status == 401 || status == 403) return OutcomeKind::AuthRefused;
  if (status == 408 || status == 425 || status == 429 || status >= 500) return OutcomeKind::Retry;
  return OutcomeKind::Dead;
}

// The opinions of the configuration on an answer, and the first expression that failed.
class Opinions {
 public:
  explicit Opinions(Rendering& of_answer) : of_answer_(of_answer) {}

  bool Say(const char* name, const std::optional<ExpressionNumber>& expression) {
    if (!expression) return false;
    const auto holds = of_answer_.Holds(*expression);
    if (!holds && failure_.empty()) {
      failure_ = fmt::format("`{}` failed: {}", name, holds.error().message);
    }
    return holds && *holds;
  }
  const std::string& failure() const { return failure_; }

 private:
  Rendering& of_answer_;
  std::string failure_;
};

std::string Reason(const HttpStep& step, const HttpAnswer& answer, const std::string& why) {
  std::string reason = fmt::format("{}HTTP {}", step.place, answer.status);
  if (!why.empty()) reason += ", " + why;
  if (answer.status >= 300 && answer.status < 400) {
    reason += ": redirects are not followed; put the final URL into the configuration";
  }
  return reason;
}

Judgement Failed(OutcomeKind kind, std::string reason, const HttpAnswer& answer) {
  const Reach reach = kind == OutcomeKind::Retry ? Reach::Failed : Reach::Answered;
  Outcome outcome{kind, std::move(reason), {}, reach};
  if (kind == OutcomeKind::Retry) outcome.retry_after = RetryAfter(answer, SystemClock().Now());
  return {Verdict::Failed, std::move(outcome)};
}

}  // namespace

HttpRequest NewRequest(const HttpConfig& http, const std::string& method) {
  HttpRequest request;
  request.method = method;
  request.hosts = http.hosts;
  request.ca_file = http.ca_file;
  request.client_cert = http.client_cert;
  request.client_key = http.client_key;
  return request;
}

Result<HttpRequest> RenderRequest(const HttpConfig& http, const HttpStep& step, const Work& work,
                                  Rendering& rendering) {
  HttpRequest request = NewRequest(http, step.method);
  auto url = rendering.Text(step.url, Destination::Url);
  if (!url) return url.error();
  request.url = std::move(*url);
  if (!IsWebAddress(request.url)) {
    return Error{ErrorKind::Permanent, step.place + "url: must begin with http:// or https://"};
  }
  for (const auto* headers : {&http.headers, &step.headers}) {
    auto rendered = RenderHeaders(*headers, rendering, request);
    if (!rendered) return rendered.error();
  }
  auto body = RenderBody(step.body, work.key, rendering);
  if (!body) return body.error();
  if (*body) {
    request.body = std::move((*body)->bytes);
    AddDefaultHeader(request, "Content-Type", (*body)->content_type);
  }
  AddDefaultHeader(request, "Idempotency-Key", work.key);
  if (!work.traceparent.empty()) AddDefaultHeader(request, "traceparent", work.traceparent);
  auto checked = CheckJson(request, step.body);
  if (!checked) return checked.error().Context(step.place + "body");
  return request;
}

bool LooksAtAnswer(const HttpStep& step) {
  return step.success || step.already_done || step.not_found || step.try_later || step.refused ||
         !step.extract.empty();
}

Json ToDocument(const HttpAnswer& answer) {
  Json headers = Json::object();
  for (const HttpHeader& header : answer.headers) headers[header.name] = header.value;
  // Deep nesting would overflow the stack of whoever walks it.
  const auto shallow = [](int depth, Json::parse_event_t, Json&) {
    if (depth > 200) throw std::length_error("nested too deeply");
    return true;
  };
  Json body;
  try {
    body = Json::parse(answer.body, shallow, true);
  } catch (const std::exception&) {
    body = answer.body;
  }
  return {{"status", answer.status}, {"headers", std::move(headers)}, {"body", std::move(body)}};
}

Judgement Judge(const HttpStep& step, const HttpAnswer& answer, Rendering& of_answer) {
  Opinions opinions(of_answer);
  if (opinions.Say("already_done", step.already_done)) return {Verdict::AlreadyDone, {}};
  if (opinions.Say("not_found", step.not_found)) {
    return Failed(OutcomeKind::Dead, Reason(step, answer, "not found"), answer);
  }
  const bool good_status = answer.status >= 200 && answer.status < 300;
  const bool success = opinions.Say("success", step.success);
  if (step.success ? success : good_status) {
    // What cannot be told from the answer may have been written before.
    if (!step.dedup || opinions.failure().empty()) return {Verdict::Passed, {}};
    return Failed(OutcomeKind::Dead, Reason(step, answer, opinions.failure()), answer);
  }
  if (opinions.Say("try_later", step.try_later)) {
    return Failed(OutcomeKind::Retry, Reason(step, answer, "`try_later` says so"), answer);
  }
  if (opinions.Say("refused", step.refused)) {
    return Failed(OutcomeKind::Dead, Reason(step, answer, "`refused` says so"), answer);
  }
  std::string why = opinions.failure();
  if (why.empty() && good_status) why = "but `success` says no";
  return Failed(KindOfStatus(answer.status), Reason(step, answer, why), answer);
}

std::string ToText(const HttpAnswer& answer) {
  std::string text = fmt::format("HTTP {}\n", answer.status);
  if (!answer.body.empty()) text += "\n" + answer.body;
  return text;
}

}  // namespace relay
