// Somebody sets the clock of the machine while deliveries wait for their next try. libfaketime
// stands between the program and the clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>

#include "e2e/deployment.h"
#include "fault/program/ledger.h"
#include "fault/program/load.h"
#include "support/http_sink.h"
#include "support/temp_dir.h"

// It cannot be loaded before a sanitizer's own library.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace relay::test {
namespace {

using std::chrono::seconds;
using testing::SizeIs;

class ClockStep : public testing::Test {
 protected:
  ClockStep()
      : sink_([this](const SinkRequest&) { return Answer{.status = refuse_ ? 503 : 200}; }),
        installation_(MarkAction(sink_.port())) {
    Step("+0d");
    service_.emplace(
        installation_,
        std::vector<std::string>{"env", "LD_PRELOAD=/usr/$LIB/faketime/libfaketimeMT.so.1",
                                 "FAKETIME_TIMESTAMP_FILE=" + (clock_.path() / "offset").string(),
                                 "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
                                 "NO_FAKE_STAT=1"});
  }

  // How far the clock of the program is from ours.
  void Step(const std::string& offset) const {
    std::filesystem::rename(clock_.Write("next", offset), clock_.path() / "offset");
  }

  // Stores a post that is refused twice and waits for its third try.
  void PostAndRefuse() {
    const auto reply = OverSocket(service_->socket())("SessionID=1&Tracking0=A");
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->status, 200);
    // The time of the next try is made of the clock before the step.
    EXPECT_TRUE(Deadline(seconds(20)).Until([&] {
      const std::string log = service_->log();
      return log.find("attempt=2 ") != std::string::npos;
    }));
  }

  // Shorter by far than the step.
  void ExpectDeliveredSoon() const {
    EXPECT_TRUE(Deadline(seconds(20)).Until([&] {
      const auto done = installation_.List({"queue", "list", "--state", "done"});
      return done.size() == 1;
    })) << service_->log();
  }

  std::atomic<bool> refuse_ = true;
  HttpSink sink_;
  TempDir clock_;
  Installation installation_;
  std::optional<Service> service_;
};

TEST_F(ClockStep, BackByADayDoesNotMakeARetryWaitADay) {
  PostAndRefuse();
  Step("-1d");
  refuse_ = false;
  ExpectDeliveredSoon();
}

TEST_F(ClockStep, ForwardByADayGivesNothingUp) {
  PostAndRefuse();
  Step("+1d");
  const size_t before = sink_.requests().size();
  sink_.WaitForRequests(before + 2);
  refuse_ = false;
  ExpectDeliveredSoon();
}

}  // namespace
}  // namespace relay::test

#endif
