// A store with deliveries of the action "crm", a configuration, and time that stands still.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/load.h"
#include "store/sqlite_store.h"
#include "support/captured_log.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace relay {

class WatchFixture : public testing::Test {
 protected:
  // `toml` is all of relay.toml but the store; it may say DIR for the folder of the test.
  std::shared_ptr<const Config> Configure(std::string toml) {
    const std::string dir = dir_.path();
    for (std::size_t at = 0; (at = toml.find("DIR", at)) != std::string::npos;) {
      toml.replace(at, 3, dir);
    }
    const auto file = dir_.Write("relay.toml", "[store]\nurl = \"sqlite:" + path_ + "\"\n" + toml);
    LoadedConfig loaded =
        LoadConfig(file.string(), [](const std::string&) { return std::optional<std::string>(); });
    EXPECT_THAT(loaded.problems, testing::IsEmpty());
    return std::make_shared<const Config>(std::move(loaded.config).value_or(Config{}));
  }

  std::unique_ptr<SqliteStore> Open() const {
    auto store = SqliteStore::Open(path_, sql::OpenMode::ReadWrite);
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
  }

  // A post with a delivery, in a session of its own.
  void Post(const std::string& action = "crm") {
    const std::string session = std::to_string(++sessions_);
    NewPost post;
    post.session_id = session;
    post.raw.body = "SessionID=" + session;
    post.raw.received_at = clock_.Now();
    post.plan = [action](PostId, const SessionState& before,
                         const ReadTranscript&) -> Result<Plan> {
      return Plan{before, {}, {{action, Order::Session, OnDead::Skip, ""}}};
    };
    ASSERT_TRUE(store_->Accept({&post, 1}).front());
  }

  // Delivers the next one of "crm", with this end.
  void End(DeliveryState state) {
    const auto answer = store_->ClaimDue(
        {.action = "crm", .concurrency = 100, .lease = std::chrono::minutes(1)}, clock_.Now());
    ASSERT_TRUE(answer && std::holds_alternative<Claim>(*answer));
    const auto& claim = std::get<Claim>(*answer);
    ASSERT_TRUE(store_->Finish({.id = claim.delivery.id,
                                .attempt = claim.attempt,
                                .state = state,
                                .next_try = clock_.Now() + std::chrono::minutes(1),
                                .error = "HTTP 400"},
                               clock_.Now()));
  }
  void Die(int count = 1) {
    for (int i = 0; i < count; ++i) {
      Post();
      End(DeliveryState::Dead);
    }
  }

  test::TempDir dir_;
  std::string path_ = dir_.path() / "relay.db";
  test::FakeClock clock_;
  test::CapturedLog captured_;
  std::unique_ptr<SqliteStore> store_ = Open();
  int sessions_ = 0;
};

}  // namespace relay
