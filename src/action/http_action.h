// One action of type "http", compiled: makes the request for a post and judges the answer.
//
// Belongs to one thread at a time. Compiling costs some 15 ms for the request and as much for a
// `success` expression.
#pragma once

#include <optional>
#include <string>

#include "action/http_message.h"
#include "base/json.h"
#include "base/result.h"
#include "config/config.h"
#include "expr/program.h"
#include "model/delivery.h"

namespace relay {

class HttpAction {
 public:
  // `config` must outlive the action.
  static Result<HttpAction> Compile(const ActionConfig& config);

  // The request for a document. Permanent where an expression fails or a value cannot stand in its
  // place; the message names the place, never the value.
  Result<HttpRequest> Render(const Json& document, const Json& secrets,
                             const std::string& idempotency_key);

  Outcome Judge(const HttpAnswer& answer);

 private:
  HttpAction(const ActionConfig& config, Program request, std::optional<Program> success)
      : config_(&config), request_(std::move(request)), success_(std::move(success)) {}
  Result<bool> Succeeded(const HttpAnswer& answer);

  const ActionConfig* config_;
  Program request_;
  std::optional<Program> success_;
};

}  // namespace relay
