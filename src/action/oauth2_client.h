// Access tokens of OAuth 2 (RFC 6749, RFC 7523) for one action: from the file that all processes
// share, or from the token endpoint, which one of them asks while the others wait.
//
// Belongs to one thread.
#pragma once

#include <filesystem>
#include <variant>

#include "action/http_client.h"
#include "action/patience.h"
#include "action/rendering.h"
#include "action/token_file.h"
#include "config/http_config.h"
#include "model/delivery.h"

namespace relay {

class OAuth2Client {
 public:
  // All of them outlive it. Tokens are kept in `folder`.
  OAuth2Client(const HttpConfig& http, const OAuth2& config, std::filesystem::path folder)
      : http_(http), config_(config), folder_(std::move(folder)) {}

  // A token that is not known to be used up; `refused` is one that the target did not take.
  std::variant<Token, Outcome> Get(const std::string& refused, Rendering& rendering,
                                   HttpClient& client, const Patience& patience);

  // The request for a token, for who wants to see it. `refresh_token` is used in place of the
  // configured one where it is not empty.
  Result<HttpRequest> RenderTokenRequest(const std::string& refresh_token, Rendering& rendering);

 private:
  Result<std::string> FileName(Rendering& rendering);
  std::variant<Token, Outcome> Fetch(const std::string& refresh_token, Rendering& rendering,
                                     HttpClient& client, const Patience& patience);
  Result<void> AddGrant(const std::string& refresh_token, Rendering& rendering,
                        std::vector<HttpHeader>& fields);
  Result<void> AddClient(Rendering& rendering, std::vector<HttpHeader>& fields,
                         HttpRequest& request);
  Result<std::string> Assertion(Rendering& rendering);

  const HttpConfig& http_;
  const OAuth2& config_;
  const std::filesystem::path folder_;
};

}  // namespace relay
