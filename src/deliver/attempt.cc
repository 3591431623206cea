#include "deliver/attempt.h"

#include "decode/decode.h"

namespace relay {
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

Result<Action*> Attempter::Ready(const ActionConfig& config) {
  const auto known = actions_.find(config.name);
  if (known != actions_.end()) return known->second.get();
  auto action = MakeAction(config, {*config_, stop_});
  if (!action) return action.error();
  return actions_.emplace(config.name, std::move(*action)).first->second.get();
}

Outcome Attempter::Try(const ActionConfig& config, const Claim& claim, const PostInSession& post,
                       std::string transcript) {
  auto action = Ready(config);
  // The configuration is at fault, not the post: it waits for a better one.
  if (!action) return {OutcomeKind::Retry, action.error().message, {}};
  auto document = DeliveryDocument(post, std::move(transcript), config_->view, claim.delivery.id,
                                   claim.attempt);
  if (!document) return {OutcomeKind::Dead, document.error().message, {}};
  const std::string key = IdempotencyKey(store_id_, claim.delivery.id);
  return (*action)->Run({*document, key, claim.attempt, store_id_});
}

}  // namespace relay
