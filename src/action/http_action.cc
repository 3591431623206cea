#include "action/http_action.h"

#include <fmt/format.h>

#include "action/body.h"
#include "base/text.h"

namespace relay {
namespace {

bool HasHeader(const HttpRequest& request, std::string_view name) {
  for (const HttpHeader& header : request.headers) {
    if (EqualsIgnoringCase(header.name, name)) return true;
  }
  return false;
}

void AddDefaultHeader(HttpRequest& request, const std::string& name, const std::string& value) {
  if (!HasHeader(request, name)) request.headers.push_back({name, value});
}

Result<void> RenderHeaders(const HttpConfig& http, RenderedValues& values, HttpRequest& request) {
  for (const NamedTemplate& header : http.headers) {
    auto value = values.Render(header.value, Destination::Header);
    if (!value) return value.error();
    request.headers.push_back({header.name, std::move(*value)});
  }
  return {};
}

Result<void> RenderAuth(const HttpConfig& http, RenderedValues& values, HttpRequest& request) {
  if (http.basic) {
    auto username = values.Render(http.basic->username, Destination::Header);
    if (!username) return username.error();
    auto password = values.Render(http.basic->password, Destination::Header);
    if (!password) return password.error();
    request.basic = {std::move(*username), std::move(*password)};
  }
  if (http.bearer) {
    auto token = values.Render(*http.bearer, Destination::Header);
    if (!token) return token.error();
    request.headers.push_back({"Authorization", "Bearer " + *token});
  }
  return {};
}

// The answer as `success` sees it.
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

// What a failure means by its status alone.
OutcomeKind KindOfStatus(int status) {
  if (status == 401 || status == 403) return OutcomeKind::AuthRefused;
  if (status == 408 || status == 425 || status == 429 || status >= 500) return OutcomeKind::Retry;
  return OutcomeKind::Dead;
}

}  // namespace

Result<HttpAction> HttpAction::Compile(const ActionConfig& config) {
  std::vector<std::string> expressions;
  for (const PlacedTemplate* part : TemplatesOf(config.http)) {
    const auto& own = part->text.expressions();
    expressions.insert(expressions.end(), own.begin(), own.end());
  }
  auto request = Program::Compile(expressions);
  if (!request) return request.error().Context("action " + config.name);
  std::optional<Program> success;
  if (config.success) {
    auto compiled = Program::Compile({config.success->text});
    if (!compiled) return compiled.error().Context("action " + config.name + ": success");
    success = std::move(*compiled);
  }
  return HttpAction(config, std::move(*request), std::move(success));
}

Result<HttpRequest> HttpAction::Render(const Json& document, const Json& secrets,
                                       const std::string& idempotency_key) {
  const HttpConfig& http = config_->http;
  RenderedValues values(request_.Run(Input(document, secrets, Json::object())));
  HttpRequest request;
  request.method = http.method;
  request.timeout = config_->timeout;
  request.ca_file = http.ca_file;
  request.client_cert = http.client_cert;
  request.client_key = http.client_key;
  auto url = values.Render(http.url, Destination::Url);
  if (!url) return url.error();
  request.url = std::move(*url);
  auto rendered = RenderHeaders(http, values, request);
  if (!rendered) return rendered.error();
  auto body = RenderBody(http, values);
  if (!body) return body.error();
  if (*body) {
    request.body = std::move((*body)->bytes);
    AddDefaultHeader(request, "Content-Type", (*body)->content_type);
  }
  rendered = RenderAuth(http, values, request);
  if (!rendered) return rendered.error();
  AddDefaultHeader(request, "Idempotency-Key", idempotency_key);
  return request;
}

Result<bool> HttpAction::Succeeded(const HttpAnswer& answer) {
  if (!success_) return answer.status >= 200 && answer.status < 300;
  const Json nothing = Json::object();
  auto results = success_->Run(Input(ToDocument(answer), nothing, nothing));
  if (!results.front()) return results.front().error();
  const Json& value = *results.front();
  return !value.is_null() && value != false;
}

Outcome HttpAction::Judge(const HttpAnswer& answer) {
  const auto succeeded = Succeeded(answer);
  if (succeeded && *succeeded) return {OutcomeKind::Done, "", {}, Reach::Answered};
  std::string reason = fmt::format("HTTP {}", answer.status);
  if (answer.status >= 200 && answer.status < 300) {
    reason += succeeded ? ", but `success` says no"
                        : ", but `success` failed: " + succeeded.error().message;
  }
  if (answer.status >= 300 && answer.status < 400) {
    reason += ": redirects are not followed; put the final URL into the configuration";
  }
  const OutcomeKind kind = KindOfStatus(answer.status);
  const Reach reach = kind == OutcomeKind::Retry ? Reach::Failed : Reach::Answered;
  return {kind, std::move(reason), answer.retry_after, reach};
}

}  // namespace relay
