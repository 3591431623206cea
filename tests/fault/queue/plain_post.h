// A post whose deliveries are as the test says; what it holds does not matter.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "store/store.h"

namespace relay::test {

inline NewPost PlainPost(std::string session, std::string body, Time received_at,
                         std::vector<NewDelivery> deliveries) {
  RawPost raw;
  raw.content_type = "text/plain";
  raw.body = std::move(body);
  raw.received_at = received_at;
  auto plan = [deliveries = std::move(deliveries)](PostId, const SessionState& before,
                                                   const ReadTranscript&) {
    Plan made{before, {Event::Updated, EventSource::Inferred, ""}, deliveries};
    ++made.state.posts;
    return Result<Plan>(std::move(made));
  };
  return {std::move(raw), std::move(session), std::move(plan)};
}

}  // namespace relay::test
