// One try of one delivery: from the stored post to an outcome. Touches no queue.
//
// Belongs to one thread at a time; keeps the actions, with their open connections, between tries.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "action/action.h"
#include "config/config.h"
#include "store/store.h"

namespace relay {

// What every attempt of one delivery carries, unique among all stores.
std::string IdempotencyKey(const std::string& store_id, DeliveryId delivery);

// What the document of a delivery has besides the post: delivery_id, delivery_uuid and attempt.
void AddDelivery(Json& document, DeliveryId delivery, const std::string& idempotency_key,
                 int attempt);

class Attempter {
 public:
  Attempter(std::shared_ptr<const Config> config, std::string store_id,
            const std::atomic<bool>& stop)
      : config_(std::move(config)), store_id_(std::move(store_id)), stop_(stop) {}

  Outcome Try(const ActionConfig& config, const Claim& claim, const PostInSession& post,
              std::string transcript, const std::string& trace_id);

 private:
  Result<Action*> Ready(const ActionConfig& config);

  std::shared_ptr<const Config> config_;
  std::string store_id_;
  const std::atomic<bool>& stop_;
  std::map<std::string, std::unique_ptr<Action>> actions_;  // by name
};

}  // namespace relay
