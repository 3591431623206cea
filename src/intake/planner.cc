#include "intake/planner.h"

#include "expr/members_used.h"
#include "session/document.h"

namespace relay {

Planner::Planner(std::shared_ptr<const Config> config) : config_(std::move(config)) {
  std::vector<std::string> expressions;
  members_.names.emplace();
  for (const ActionConfig& action : config_->actions) {
    if (!action.when) continue;
    expressions.push_back(action.when->text);
    members_.Add(MembersUsed(action.when->text));
  }
  if (expressions.empty()) return;
  auto program = Program::Compile(expressions);
  if (program) {
    when_ = std::move(*program);
  } else {
    when_error_ = program.error().message;
  }
}

Result<Folded> Planner::FoldIn(const RawPost& raw, const Fields& fields, const SessionState& before,
                               const ReadTranscript& transcript) const {
  FoldRules rules{{}, config_->view.system_lines};
  const auto endpoint = config_->endpoints.find(raw.endpoint);
  if (endpoint != config_->endpoints.end()) rules.endpoint_event = endpoint->second.event;
  return Fold(before, fields, raw.received_at, rules, transcript);
}

Result<Plan> Planner::MakePlan(PostId id, const RawPost& raw, const std::string& session_id,
                               const Fields& fields, const SessionState& before,
                               const ReadTranscript& transcript) {
  auto folded = FoldIn(raw, fields, before, transcript);
  if (!folded) return folded.error();
  return PlanFor(std::move(*folded), {id, session_id, raw, {}}, fields, before, transcript);
}

Result<Plan> Planner::PlanLapse(PostId id, const RawPost& raw, const std::string& session_id,
                                const Fields& fields, const SessionState& before,
                                const ReadTranscript& transcript) {
  return PlanFor(Lapse(before, raw.received_at), {id, session_id, raw, {}}, fields, before,
                 transcript);
}

Result<Plan> Planner::PlanFor(Folded folded, StoredPost post, const Fields& fields,
                              const SessionState& before, const ReadTranscript& transcript) {
  Plan plan{std::move(folded.state), std::move(folded.facts), {}};
  Json document;
  if (when_) {
    std::string held;
    if (before.held_length > 0 && (members_.Contain("transcript") || members_.Contain("chat"))) {
      auto read = transcript();
      if (!read) return read.error();
      held = std::move(*read);
    }
    post.facts = plan.facts;
    document =
        BuildDocument(post, fields, plan.state, held + plan.facts.adds, config_->view, members_);
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
    if (config_->NotifiesBy(action.name)) continue;
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
