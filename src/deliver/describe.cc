#include "deliver/describe.h"

namespace relay {

LogFields Describe(const Claim& claim, LogFields more) {
  const Delivery& delivery = claim.delivery;
  LogFields fields{{"delivery_id", ToString(delivery.id)},
                   {"post_id", ToString(delivery.post)},
                   {"action", delivery.action},
                   {"attempt", claim.attempt}};
  fields.insert(fields.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
  return fields;
}

}  // namespace relay
