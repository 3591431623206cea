#include "intake/planner.h"

#include "session/document.h"
#include "session/fold.h"

namespace relay {

Planner::Planner(std::shared_ptr<const Config> config) : config_(std::move(config)) {
  std::vector<std::string> expressions;
  for (const ActionConfig& action : config_->actions) {
    if (action.when) expressions.push_back(action.when->text);
  }
  if (expressions.empty()) return;
  auto program = Program::Compile(expressions);
  if (program) {
    when_ = std::move(*program);
  } else {
    when_error_ = program.error().message;
  }
}

Result<Plan> Planner::MakePlan(PostId id, const RawPost& raw, const std::string& session_id,
                               const Fields& fields, const SessionState& before,
                               const ReadTranscript& transcript) {
  const auto endpoint = config_->endpoints.find(raw.endpoint);
  const auto event = endpoint == config_->endpoints.end() ? std::nullopt : endpoint->second.event;
  auto folded = Fold(before, fields, raw.received_at, event, transcript);
  if (!folded) return folded.error();
  Plan plan{std::move(folded->state), std::move(folded->facts), {}};
  Json document;
  if (when_) {
    std::string held;
    if (before.held_length > 0) {
      auto read = transcript();
      if (!read) return read.error();
      held = std::move(*read);
    }
    // `raw` is only lent to the document: the body, which may be large, is left out.
    StoredPost post{id, session_id, {}, plan.facts};
    post.raw.endpoint = raw.endpoint;
    post.raw.remote_addr = raw.remote_addr;
    post.raw.remote_user = raw.remote_user;
    post.raw.received_at = raw.received_at;
    document = BuildDocument(post, fields, plan.state, held + plan.facts.adds, config_->labels);
  }
  plan.deliveries = Select(document);
  return plan;
}

NewDelivery Planner::DeliveryFor(const ActionConfig& action) const {
  return {action.name, action.order, action.on_dead, {}};
}

std::vector<NewDelivery> Planner::Select(const Json& document) {
  std::vector<Result<Json>> answers;
  if (when_) {
    const Json nothing = Json::object();
    answers = when_->Run(Input(document, nothing, nothing));
  }
  std::vector<NewDelivery> deliveries;
  std::size_t next = 0;
  for (const ActionConfig& action : config_->actions) {
    NewDelivery delivery = DeliveryFor(action);
    if (action.when) {
      const Result<Json> answer = when_ ? std::move(answers.at(next++))
                                        : Result<Json>(Error{ErrorKind::BadInput, when_error_});
      if (!answer) delivery.dead_reason = "when: " + answer.error().message;
      if (answer && (answer->is_null() || *answer == false)) continue;
    }
    deliveries.push_back(std::move(delivery));
  }
  return deliveries;
}

}  // namespace relay
