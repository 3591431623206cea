// What an action of type "http" says. Plain values.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/host_rules.h"
#include "config/template.h"

namespace relay {

struct JsonBody {
  JsonTemplate json;
};
struct FormBody {
  std::vector<NamedTemplate> fields;
};
struct XmlBody {
  PlacedTemplate xml;
};
struct TextBody {
  PlacedTemplate text;
};
struct MultipartBody {
  struct Part {
    std::string name;
    PlacedTemplate content;
    std::optional<PlacedTemplate> filename;
    std::string content_type;  // empty: none is said
  };
  std::vector<Part> parts;
};
using HttpBody = std::variant<std::monostate, JsonBody, FormBody, XmlBody, TextBody, MultipartBody>;

// One request and what its answer means. The expressions see the answer as .status, .headers and
// .body, and the post as $post; what they have no say in, the status decides.
struct HttpStep {
  std::string place;  // for messages: empty, or "step 2: "
  std::optional<ExpressionNumber> when;
  std::string method = "POST";
  PlacedTemplate url;
  std::vector<NamedTemplate> headers;
  HttpBody body;
  std::optional<ExpressionNumber> success;
  std::optional<ExpressionNumber> already_done;  // an earlier try did it all: nothing is left
  std::optional<ExpressionNumber> not_found;
  std::optional<ExpressionNumber> try_later;
  std::optional<ExpressionNumber> refused;
  struct Extract {
    std::string name;
    ExpressionNumber value;
  };
  std::vector<Extract> extract;  // $step.name in later steps
  bool dedup = false;            // only where an earlier try may have come through
  bool optional = false;         // whatever becomes of it, the next step follows
};

struct BasicAuth {
  PlacedTemplate username;
  PlacedTemplate password;
};

struct BearerAuth {
  PlacedTemplate token;
};

// RFC 6749; JWT bearer: RFC 7523.
struct OAuth2 {
  enum class Grant { ClientCredentials, RefreshToken, Password, JwtBearer };
  Grant grant = Grant::ClientCredentials;
  PlacedTemplate token_url;
  // Sent as fields of the form, or signed as claims of the JWT; absent ones are left out.
  std::optional<PlacedTemplate> client_id;
  std::optional<PlacedTemplate> client_secret;
  std::vector<NamedTemplate> fields;  // scope, username, password, and any others
  std::optional<PlacedTemplate> refresh_token;
  std::optional<PlacedTemplate> key;  // RS256, in PEM
  std::vector<NamedTemplate> claims;  // iss, sub, aud, and any others
  bool secret_in_form = true;         // else as HTTP Basic
  std::string scheme = "Bearer";      // before the token in Authorization
};

using HttpAuth = std::variant<std::monostate, BasicAuth, BearerAuth, OAuth2>;

struct HttpConfig {
  std::vector<HttpStep> steps;         // at least one
  std::vector<NamedTemplate> headers;  // of every step
  HttpAuth auth;
  std::string ca_file;
  std::string client_cert;
  std::string client_key;
  HostRules hosts;
};

}  // namespace relay
