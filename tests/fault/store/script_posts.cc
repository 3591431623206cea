#include "fault/store/script_posts.h"

#include <fmt/format.h>

#include <random>

#include "session/fold.h"

namespace relay::test {
namespace {

RawPost Raw(const std::string& body, Time now) {
  RawPost raw;
  raw.endpoint = "rescue";
  raw.content_type = "application/x-www-form-urlencoded";
  raw.query = "from=rescue";
  raw.body = body;
  raw.remote_addr = "192.0.2.1";
  raw.remote_user = "rescue";
  raw.received_at = now;
  return raw;
}

std::vector<NewDelivery> For(std::initializer_list<const char*> actions) {
  std::vector<NewDelivery> deliveries;
  for (const std::string action : actions) {
    const Order order = action == "crm" ? Order::Session : Order::None;
    deliveries.push_back({action, order, OnDead::Hold, ""});
  }
  return deliveries;
}

}  // namespace

Time At(std::chrono::seconds since_start) {
  return Time{Duration{1'767'225'600'000}} + since_start;
}

NewPost Chat(const std::string& session_id, const std::string& chat, Time now,
             std::initializer_list<const char*> actions) {
  auto plan = [=, deliveries = For(actions)](PostId, const SessionState& before,
                                             const ReadTranscript& read) -> Result<Plan> {
    const Fields fields({{"SessionID", session_id},
                         {"Tracking0", "case " + session_id},
                         {"TechName", "Zoë"},
                         {"ChatLog", chat}});
    auto folded = Fold(before, fields, now, {}, read);
    if (!folded) return folded.error();
    return Plan{folded->state, folded->facts, deliveries};
  };
  return {Raw(fmt::format("SessionID={}&ChatLog={}", session_id, chat), now), session_id, plan};
}

NewPost Unplannable(const std::string& session_id, Time now) {
  NewPost post = Chat(session_id, "unplannable", now, {});
  post.plan = [](PostId, const SessionState&, const ReadTranscript&) {
    return Result<Plan>(Error{ErrorKind::Permanent, "cannot be planned"});
  };
  return post;
}

NewQuarantined Unreadable(const std::string& body, Time now) {
  return {Raw(body, now), "Host: relay.example\n", "it is no XML"};
}

std::string LongChat() {
  std::minstd_rand random(1);
  std::string chat;
  for (int line = 0; line < 500; ++line) {
    // What cannot be packed.
    chat += fmt::format("10:{:02}:{:02} Zoë: {:08x}{:08x}{:08x}{:08x}\n", line / 60, line % 60,
                        random(), random(), random(), random());
  }
  return chat;
}

}  // namespace relay::test
