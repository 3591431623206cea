#include "deliver/describe.h"

#include <fmt/format.h>

namespace relay {

std::string Describe(const Claim& claim) {
  const Delivery& delivery = claim.delivery;
  return fmt::format("delivery {} of post {} by action {}, attempt {}", ToString(delivery.id),
                     ToString(delivery.post), delivery.action, claim.attempt);
}

}  // namespace relay
