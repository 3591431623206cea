#include "deliver/attempt.h"

#include <fmt/format.h>

#include "base/trace.h"
#include "base/uuid.h"
#include "decode/decode.h"

namespace relay {
namespace {

// The post of a delivery as expressions see it.
Result<Json> DeliveryDocument(const PostInSession& post, std::string transcript, const View& view,
                              const Members& wanted, const Claim& claim, const std::string& key) {
  auto fields = Decode(post.post.raw);
  if (!fields) return fields.error().Context("read stored post " + ToString(post.post.id));
  Json document =
      BuildDocument(post.post, *fields, post.session, std::move(transcript), view, wanted);
  AddDelivery(document, claim.delivery.id, key, claim.attempt);
  return document;
}

}  // namespace

void AddDelivery(Json& document, DeliveryId delivery, const std::string& idempotency_key,
                 int attempt) {
  document["delivery_id"] = ToString(delivery);
  document["delivery_uuid"] = NameUuid(idempotency_key);
  document["attempt"] = attempt;
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
                       std::string transcript, const std::string& trace_id) {
  auto action = Ready(config);
  // The configuration is at fault, not the post: it waits for a better one.
  if (!action) return {OutcomeKind::Retry, action.error().message, {}};
  const std::string key = IdempotencyKey(store_id_, claim.delivery.id);
  auto document =
      DeliveryDocument(post, std::move(transcript), config_->view, (*action)->Wanted(), claim, key);
  if (!document) return {OutcomeKind::Dead, document.error().message, {}};
  const std::string span = Traceparent(trace_id, fmt::format("{}/{}", key, claim.attempt));
  return (*action)->Run({*document, key, claim.attempt, store_id_, span});
}

}  // namespace relay
