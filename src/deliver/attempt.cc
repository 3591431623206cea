#include "deliver/attempt.h"

#include "decode/decode.h"

namespace relay {
namespace {

Outcome OutcomeOf(const SendError& error) {
  switch (error.failure) {
    case SendFailure::Unreachable:
      return {OutcomeKind::Retry, error.reason, {}, Reach::Failed};
    case SendFailure::Unusable:
      return {OutcomeKind::Dead, error.reason, {}};
    case SendFailure::Stopped:
      return {OutcomeKind::Interrupted, error.reason, {}};
  }
  return {OutcomeKind::Retry, error.reason, {}};
}

}  // namespace

Result<Json> DeliveryDocument(const PostInSession& post, std::string transcript, const View& view,
                              DeliveryId delivery, int attempt) {
  auto fields = Decode(post.post.raw);
  if (!fields) return fields.error().Context("read stored post " + ToString(post.post.id));
  Json document = BuildDocument(post.post, *fields, post.session, std::move(transcript), view);
  document["delivery_id"] = ToString(delivery);
  document["attempt"] = attempt;
  return document;
}

std::string IdempotencyKey(const std::string& store_id, DeliveryId delivery) {
  return store_id + "-" + ToString(delivery);
}

Result<HttpAction*> Attempter::Compiled(const ActionConfig& action) {
  const auto known = compiled_.find(action.name);
  if (known != compiled_.end()) return &known->second;
  auto compiled = HttpAction::Compile(action);
  if (!compiled) return compiled.error();
  return &compiled_.emplace(action.name, std::move(*compiled)).first->second;
}

Outcome Attempter::Try(const ActionConfig& action, const Claim& claim, const PostInSession& post,
                       std::string transcript) {
  auto compiled = Compiled(action);
  // The configuration is at fault, not the post: it waits for a better one.
  if (!compiled) return {OutcomeKind::Retry, compiled.error().message, {}};
  auto document = DeliveryDocument(post, std::move(transcript), config_->view, claim.delivery.id,
                                   claim.attempt);
  if (!document) return {OutcomeKind::Dead, document.error().message, {}};
  auto request = (*compiled)->Render(*document, config_->secrets,
                                     IdempotencyKey(store_id_, claim.delivery.id));
  if (!request) return {OutcomeKind::Dead, request.error().message, {}};
  const auto sent = client_.Send(*request);
  if (const auto* error = std::get_if<SendError>(&sent)) return OutcomeOf(*error);
  return (*compiled)->Judge(std::get<HttpAnswer>(sent));
}

}  // namespace relay
