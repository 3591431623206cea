// A store of each kind, with posts made as they are needed.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "store/sqlite_store.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace relay::test {

using std::chrono::minutes;
using std::chrono::seconds;

// Opens further stores on the same data, as other threads and processes do.
class Place {
 public:
  virtual ~Place() = default;
  virtual std::unique_ptr<Store> Open() = 0;
};

class SqlitePlace : public Place {
 public:
  std::unique_ptr<Store> Open() override {
    auto store = SqliteStore::Open(dir_.path() / "relay.db", sql::OpenMode::ReadWrite);
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
  }

 private:
  TempDir dir_;
};

struct Kind {
  const char* name;
  std::unique_ptr<Place> (*make)();
};

inline auto EveryStore() {
  return testing::Values(Kind{"Sqlite", [] { return std::unique_ptr<Place>(new SqlitePlace); }});
}

inline std::string NameOfKind(const testing::TestParamInfo<Kind>& kind) {
  return kind.param.name;
}

class StoreTest : public testing::TestWithParam<Kind> {
 protected:
  NewPost Post(const std::string& session, const std::string& body,
               std::vector<NewDelivery> deliveries = {{"crm", Order::Session, OnDead::Skip, ""}}) {
    RawPost raw;
    raw.body = body;
    raw.content_type = "text/plain";
    raw.received_at = clock_.Now();
    auto plan = [deliveries, body, received_at = raw.received_at](
                    PostId, const SessionState& before, const ReadTranscript&) {
      Plan made{before, {Event::Started, EventSource::Inferred, body + "\n"}, deliveries};
      if (made.state.posts++ == 0) made.state.first_post_at = received_at;
      made.state.last_post_at = received_at;
      made.state.held_length += static_cast<std::int64_t>(body.size()) + 1;
      return Result<Plan>(made);
    };
    return {raw, session, plan};
  }

  Accepted AcceptOne(const NewPost& post) {
    auto results = store_->Accept({&post, 1});
    if (!results.front()) throw std::runtime_error(results.front().error().message);
    return *results.front();
  }

  // The delivery that is claimed now, if any.
  std::optional<Claim> ClaimNow(Store& store, const std::string& action = "crm",
                                int concurrency = 100) {
    auto answer = store.ClaimDue({action, concurrency, minutes(1)}, clock_.Now());
    if (!answer) throw std::runtime_error(answer.error().message);
    auto* claim = std::get_if<Claim>(&*answer);
    return claim == nullptr ? std::nullopt : std::optional(*claim);
  }

  FinishResult End(const Claim& claim, DeliveryState state, OnDead on_dead = OnDead::Skip,
                   Duration wait = seconds(5)) {
    auto result = store_->Finish(
        {claim.delivery.id, claim.attempt, state, clock_.Now() + wait, "why", on_dead},
        clock_.Now());
    if (!result) throw std::runtime_error(result.error().message);
    return *result;
  }

  std::vector<Delivery> Deliveries(const DeliveryFilter& filter = {}) {
    std::vector<Delivery> all;
    EXPECT_TRUE(
        store_->ListDeliveries(filter, 0, [&](const Delivery& d) { all.push_back(d); }).ok());
    return all;
  }

  std::size_t CountPosts() {
    std::size_t count = 0;
    EXPECT_TRUE(store_->ListPosts(0, [&](const PostSummary&) { ++count; }).ok());
    return count;
  }

  FakeClock clock_;
  std::unique_ptr<Place> place_ = GetParam().make();
  std::unique_ptr<Store> store_ = place_->Open();
};

}  // namespace relay::test
