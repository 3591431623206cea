// Answers requests: checks, decodes, folds, stores. Knows nothing of FastCGI.
//
// Belongs to one thread at a time, with its store.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/log.h"
#include "config/config.h"
#include "intake/planner.h"
#include "intake/refusal.h"
#include "intake/request.h"
#include "store/store.h"

namespace relay {

class Intake {
 public:
  // `store`, `clock`, `log` and `measurements` must outlive the intake. `on_queued` is called after
  // a commit that left something to deliver.
  Intake(std::shared_ptr<const Config> config, Store& store, const Clock& clock, const Log& log,
         Measurements& measurements, std::function<void()> on_queued);

  // One reply for each request, in order. All posts among them are stored in one transaction; a 200
  // is in the answer only when that is committed and synced. One post that cannot be stored does
  // not fail the others. Requests are consumed.
  std::vector<Reply> Handle(std::span<Request> requests);

 private:
  struct Batch;
  std::vector<Reply> Answer(std::span<Request> requests);
  void Sort(Request& request, std::size_t index, Time now, Batch& batch);
  void SortPost(Request& request, std::size_t index, Time now, Batch& batch);
  void StoreAll(Batch& batch, Time now);
  void StorePosts(Batch& batch);
  void StoreQuarantined(Batch& batch, Time now);
  bool HasSpace();

  std::shared_ptr<const Config> config_;
  Store& store_;
  const Clock& clock_;
  const Log& log_;
  Measurements& measurements_;
  Outage outage_;
  std::function<void()> on_queued_;
  Planner planner_;
};

}  // namespace relay
