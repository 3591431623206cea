#include "config/load_http_auth.h"

#include <fmt/format.h>

namespace relay {
namespace {

using Grant = OAuth2::Grant;

constexpr const char* kBasicShape = R"(must be { username = "...", password = "..." })";
constexpr const char* kOAuth2Shape = R"(must be { grant = "...", token_url = "...", ... })";

HttpAuth LoadBasic(ActionReader& auth) {
  const toml::node* node = auth.Find("basic");
  if (node->as_table() == nullptr) {
    auth.Problem("basic", kBasicShape);
    return {};
  }
  ActionReader basic = auth.Within("basic", node->as_table());
  BasicAuth config{basic.RequiredTemplate("username"), basic.RequiredTemplate("password")};
  basic.Finish();
  return config;
}

void AddField(ActionReader& reader, const char* key, std::vector<NamedTemplate>& fields) {
  if (auto field = reader.Template(key)) fields.push_back({key, std::move(*field)});
}

// What each grant cannot do without.
void LoadGrant(ActionReader& reader, OAuth2& config) {
  switch (config.grant) {
    case Grant::ClientCredentials:
      if (!config.client_id) reader.Problem("client_id", "is missing");
      break;
    case Grant::RefreshToken:
      config.refresh_token = reader.RequiredTemplate("refresh_token");
      break;
    case Grant::Password:
      config.fields.push_back({"username", reader.RequiredTemplate("username")});
      config.fields.push_back({"password", reader.RequiredTemplate("password")});
      break;
    case Grant::JwtBearer:
      config.key = reader.RequiredTemplate("key");
      config.claims = reader.Templates("claims");
      if (config.claims.empty()) {
        reader.Problem("claims", R"(is missing; { iss = "...", sub = "...", aud = "..." })");
      }
      break;
  }
}

HttpAuth LoadOAuth2(ActionReader& auth) {
  const toml::node* node = auth.Find("oauth2");
  if (node->as_table() == nullptr) {
    auth.Problem("oauth2", kOAuth2Shape);
    return {};
  }
  ActionReader reader = auth.Within("oauth2", node->as_table());
  OAuth2 config;
  constexpr Grant kGrants[] = {Grant::ClientCredentials, Grant::RefreshToken, Grant::Password,
                               Grant::JwtBearer};
  const auto grant =
      reader.OneOf("grant", {"client_credentials", "refresh_token", "password", "jwt_bearer"});
  if (grant) config.grant = kGrants[*grant];
  if (node->as_table()->get("grant") == nullptr) reader.Problem("grant", "is missing");
  config.token_url = reader.RequiredTemplate("token_url");
  config.client_id = reader.Template("client_id");
  config.client_secret = reader.Template("client_secret");
  AddField(reader, "scope", config.fields);
  for (NamedTemplate& field : reader.Templates("fields")) config.fields.push_back(std::move(field));
  if (const auto where = reader.OneOf("client_auth", {"form", "basic"})) {
    config.secret_in_form = *where == 0;
  }
  config.scheme = reader.String("scheme").value_or(config.scheme);
  if (grant) {
    LoadGrant(reader, config);
    reader.Finish();
  }
  return config;
}

}  // namespace

HttpAuth LoadHttpAuth(ActionReader& action) {
  const toml::table* table = action.Table("auth");
  if (table == nullptr) return {};
  ActionReader auth = action.Within("auth", table);
  HttpAuth config;
  int kinds = 0;
  if (auth.Find("basic") != nullptr) {
    config = LoadBasic(auth);
    ++kinds;
  }
  if (auth.Find("bearer") != nullptr) {
    config = BearerAuth{auth.RequiredTemplate("bearer")};
    ++kinds;
  }
  if (auth.Find("oauth2") != nullptr) {
    config = LoadOAuth2(auth);
    ++kinds;
  }
  if (kinds != 1 && !table->empty()) {
    action.Problem("auth", "must have exactly one of basic, bearer and oauth2");
  }
  auth.Finish();
  return config;
}

}  // namespace relay
