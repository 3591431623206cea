// Decides what becomes of a post: its place in its session and the actions that get it.
//
// Belongs to one thread at a time: it keeps the compiled `when` expressions of all actions.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "config/config.h"
#include "expr/program.h"
#include "model/fields.h"
#include "session/fold.h"
#include "store/store.h"

namespace relay {

class Planner {
 public:
  // Compiles the `when` expressions, some 15 ms. One that is wrong does not stop posts from being
  // stored: its action gets dead deliveries, which say so.
  explicit Planner(std::shared_ptr<const Config> config);

  const Config& config() const { return *config_; }

  // What is to be stored for a post, made while its session is locked.
  Result<Plan> MakePlan(PostId id, const RawPost& raw, const std::string& session_id,
                        const Fields& fields, const SessionState& before,
                        const ReadTranscript& transcript);
  // The same for a session that has lapsed: `fields` are of its newest post.
  Result<Plan> PlanLapse(PostId id, const RawPost& raw, const std::string& session_id,
                         const Fields& fields, const SessionState& before,
                         const ReadTranscript& transcript);

  // How a post is folded into its session by today's configuration.
  Result<Folded> FoldIn(const RawPost& raw, const Fields& fields, const SessionState& before,
                        const ReadTranscript& transcript) const;

  // The deliveries that a post gives rise to today. A `when` that fails gives a dead delivery with
  // the reason: nothing is dropped in silence.
  std::vector<NewDelivery> Select(const Json& document);

 private:
  Result<Plan> PlanFor(Folded folded, StoredPost post, const Fields& fields,
                       const SessionState& before, const ReadTranscript& transcript);
  NewDelivery DeliveryFor(const ActionConfig& action) const;

  std::shared_ptr<const Config> config_;
  Members members_;              // of the document that the expressions look at
  std::optional<Program> when_;  // absent where no action has one, or where one is wrong
  std::string when_error_;       // why it is absent; empty where no action has one
};

}  // namespace relay
