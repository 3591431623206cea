#include "action/oauth2_client.h"

#include <fmt/format.h>

#include <algorithm>

#include "action/http_step.h"
#include "action/jwt.h"
#include "action/retry_after.h"
#include "base/sha256.h"
#include "base/text.h"

namespace relay {
namespace {

using Grant = OAuth2::Grant;
using FormFields = std::vector<HttpHeader>;

const char* GrantType(Grant grant) {
  switch (grant) {
    case Grant::ClientCredentials:
      return "client_credentials";
    case Grant::RefreshToken:
      return "refresh_token";
    case Grant::Password:
      return "password";
    case Grant::JwtBearer:
      return "urn:ietf:params:oauth:grant-type:jwt-bearer";
  }
  return "";
}

// Well before the end of a long life, and not at the beginning of a short one.
Time RenewAt(Time now, double seconds) {
  const double early = std::min(60.0, seconds / 10);
  return now + Duration(static_cast<Duration::rep>((seconds - early) * 1000));
}

std::optional<double> Seconds(const Json& expires_in) {
  if (expires_in.is_number()) return expires_in.get<double>();
  if (!expires_in.is_string()) return std::nullopt;
  try {
    return std::stod(expires_in.get<std::string>());
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

Outcome Refused(const HttpAnswer& answer, const Json& body) {
  // RFC 6749, 5.2: one of a few words.
  std::string reason = fmt::format("token endpoint: HTTP {}", answer.status);
  const auto error = body.is_object() ? body.find("error") : body.end();
  const auto is_word = [](const std::string& text) {
    return text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
             return c == '_' || std::isalpha(static_cast<unsigned char>(c)) != 0;
           });
  };
  if (body.is_object() && error != body.end() && error->is_string() &&
      is_word(error->get<std::string>())) {
    reason += ", " + error->get<std::string>();
  }
  const bool busy = answer.status == 408 || answer.status == 429 || answer.status >= 500;
  if (busy) {
    return {OutcomeKind::Retry, reason, RetryAfter(answer, SystemClock().Now()), Reach::Failed};
  }
  return {OutcomeKind::AuthRefused, reason, {}, Reach::Answered};
}

std::variant<Token, Outcome> ReadAnswer(const HttpAnswer& answer) {
  const Json body = Json::parse(answer.body, nullptr, false);
  const bool good = answer.status >= 200 && answer.status < 300 && body.is_object() &&
                    body.contains("access_token") && body["access_token"].is_string();
  if (!good) return Refused(answer, body);
  Token token;
  for (const auto& [name, value] : body.items()) {
    if (name == "access_token") {
      token.access_token = value.get<std::string>();
    } else if (name == "refresh_token" && value.is_string()) {
      token.refresh_token = value.get<std::string>();
    } else if (name == "expires_in") {
      if (const auto seconds = Seconds(value))
        token.renew_at = RenewAt(SystemClock().Now(), *seconds);
    } else if (value.is_string() || value.is_number()) {
      token.more[name] = value;
    }
  }
  return token;
}

Outcome Dead(const Error& error) {
  return {OutcomeKind::Dead, error.message, {}};
}

Result<void> Add(const char* name, const std::optional<PlacedTemplate>& value, Rendering& rendering,
                 FormFields& fields) {
  if (!value) return {};
  auto text = rendering.Text(*value, Destination::Body);
  if (!text) return text.error();
  fields.push_back({name, std::move(*text)});
  return {};
}

}  // namespace

std::variant<Token, Outcome> OAuth2Client::Get(const std::string& refused, Rendering& rendering,
                                               HttpClient& client, const Patience& patience) {
  const auto name = FileName(rendering);
  if (!name) return Dead(name.error());
  const TokenFile file(folder_, *name);
  const auto usable = [&](const std::optional<Token>& token) {
    return token && token->access_token != refused &&
           (!token->renew_at || SystemClock().Now() < *token->renew_at);
  };
  auto known = file.Read();
  if (usable(known)) return *known;
  const auto lock = file.Lock(patience);
  if (!lock) return Outcome{OutcomeKind::Retry, lock.error().message, {}};
  known = file.Read();  // perhaps whoever had the lock before has fetched one
  if (usable(known)) return *known;
  auto fetched = Fetch(known ? known->refresh_token : "", rendering, client, patience);
  if (auto* token = std::get_if<Token>(&fetched)) {
    if (token->refresh_token.empty() && known) token->refresh_token = known->refresh_token;
    const auto written = file.Write(*token);
    if (!written) return Outcome{OutcomeKind::Retry, written.error().message, {}};
  }
  return fetched;
}

// What the token is asked with decides: new credentials get a new file.
Result<std::string> OAuth2Client::FileName(Rendering& rendering) {
  std::string all = GrantType(config_.grant);
  const auto add = [&](const PlacedTemplate& placed) -> Result<void> {
    auto text = rendering.Text(placed, Destination::Body);
    if (!text) return text.error();
    all += std::to_string(text->size()) + ":" + *text;
    return {};
  };
  for (const auto* field :
       {&config_.client_id, &config_.client_secret, &config_.refresh_token, &config_.key}) {
    if (!*field) continue;
    auto added = add(**field);
    if (!added) return added.error();
  }
  for (const auto* fields : {&config_.fields, &config_.claims}) {
    for (const NamedTemplate& field : *fields) {
      auto added = add(field.value);
      if (!added) return added.error();
    }
  }
  auto added = add(config_.token_url);
  if (!added) return added.error();
  return ToHex(Sha256({all})).substr(0, 32);
}

std::variant<Token, Outcome> OAuth2Client::Fetch(const std::string& refresh_token,
                                                 Rendering& rendering, HttpClient& client,
                                                 const Patience& patience) {
  auto request = RenderTokenRequest(refresh_token, rendering);
  if (!request) return Dead(request.error());
  request->timeout = patience.left();
  if (request->timeout == Duration::zero()) {
    return Outcome{OutcomeKind::Retry, "the time was up before a token was asked for", {}};
  }
  const auto sent = client.Send(*request);
  if (const auto* error = std::get_if<SendError>(&sent)) {
    return OutcomeOf(*error, "token endpoint: ");
  }
  return ReadAnswer(std::get<HttpAnswer>(sent));
}

Result<HttpRequest> OAuth2Client::RenderTokenRequest(const std::string& refresh_token,
                                                     Rendering& rendering) {
  HttpRequest request = NewRequest(http_, "POST");
  auto url = rendering.Text(config_.token_url, Destination::Url);
  if (!url) return url.error();
  request.url = std::move(*url);
  FormFields fields{{"grant_type", GrantType(config_.grant)}};
  auto added = AddGrant(refresh_token, rendering, fields);
  if (added) added = AddClient(rendering, fields, request);
  if (!added) return added.error();
  request.body.emplace();
  for (const HttpHeader& field : fields) {
    if (!request.body->empty()) *request.body += '&';
    *request.body += PercentEncode(field.name) + '=' + PercentEncode(field.value);
  }
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  return request;
}

Result<void> OAuth2Client::AddGrant(const std::string& refresh_token, Rendering& rendering,
                                    FormFields& fields) {
  for (const NamedTemplate& field : config_.fields) {
    auto text = rendering.Text(field.value, Destination::Body);
    if (!text) return text.error();
    fields.push_back({field.name, std::move(*text)});
  }
  if (config_.grant == Grant::JwtBearer) {
    auto assertion = Assertion(rendering);
    if (!assertion) return assertion.error();
    fields.push_back({"assertion", std::move(*assertion)});
  }
  if (config_.grant != Grant::RefreshToken) return {};
  if (refresh_token.empty()) return Add("refresh_token", config_.refresh_token, rendering, fields);
  fields.push_back({"refresh_token", refresh_token});
  return {};
}

// RFC 6749, 2.3.1.
Result<void> OAuth2Client::AddClient(Rendering& rendering, FormFields& fields,
                                     HttpRequest& request) {
  FormFields client;
  auto added = Add("client_id", config_.client_id, rendering, client);
  if (added) added = Add("client_secret", config_.client_secret, rendering, client);
  if (!added) return added;
  if (config_.secret_in_form) {
    fields.insert(fields.end(), client.begin(), client.end());
  } else if (client.size() == 2) {
    request.basic = {PercentEncode(client[0].value), PercentEncode(client[1].value)};
  }
  return {};
}

Result<std::string> OAuth2Client::Assertion(Rendering& rendering) {
  constexpr auto kLife = std::chrono::minutes(3);
  const auto seconds = [](Time time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  };
  const Time now = SystemClock().Now();
  Json claims{{"iat", seconds(now)}, {"exp", seconds(now + kLife)}};
  for (const NamedTemplate& claim : config_.claims) {
    auto value = rendering.Value(claim.value);
    if (!value) return value.error();
    claims[claim.name] = std::move(*value);
  }
  auto key = rendering.Text(*config_.key, Destination::Body);
  if (!key) return key.error();
  auto assertion = SignJwt(claims, *key);
  if (!assertion) return assertion.error().Context(config_.key->place);
  return assertion;
}

}  // namespace relay
