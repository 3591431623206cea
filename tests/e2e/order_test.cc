// In which order deliveries reach a CRM, and how many at one time: script.fcgi with `rescue-relay
// deliver` beside it on the same store.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <set>

#include "e2e/deployment.h"
#include "support/fcgi_client.h"
#include "support/http_sink.h"

namespace relay::test {
namespace {

using nlohmann::json;
using std::chrono::seconds;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr seconds kPatience(120);

const std::string kOptions = R"(timeout = "30s"
retry = { first = "200ms", max = "500ms", give_up = "3d" }
)";

// "/cases/7-2/comments" is the second post of session 7.
std::string TargetOf(int session, int post) {
  return fmt::format("/cases/{}-{}/comments", session, post);
}

class Order : public testing::Test {
 protected:
  void Install(const std::string& config) {
    installation_.emplace(config);
    service_.emplace(*installation_);
  }

  // The same store, delivered from by a second program.
  void DeliverBeside() {
    beside_.emplace(installation_->Command({installation_->dir() / "rescue-relay", "deliver"}));
  }

  void Post(int session, int post) {
    const std::string body = fmt::format("SessionID={0}&Tracking0={0}-{1}", session, post);
    FcgiClient client(service_->socket());
    client.Send(FcgiRequest(FcgiPostParams(body), body));
    const auto reply = client.ReadReply();
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->status(), 200) << reply->body();
  }

  std::vector<json> Queue(const std::string& state) {
    return installation_->List({"queue", "list", "--limit", "0", "--state", state});
  }

  std::vector<json> WaitFor(const std::string& state, std::size_t count) {
    std::vector<json> rows;
    EXPECT_TRUE(Deadline(kPatience).Until([&] {
      rows = Queue(state);
      return rows.size() == count;
    })) << rows.size()
        << " are " << state << "\n"
        << service_->log();
    return rows;
  }

  static std::vector<std::string> Targets(const std::vector<SinkRequest>& requests) {
    std::vector<std::string> targets;
    for (const SinkRequest& request : requests) targets.push_back(request.target);
    return targets;
  }

  std::optional<Installation> installation_;
  std::optional<Service> service_;
  std::optional<Process> beside_;
};

// Answers one request in four with 503 or not at all, and remembers what it has seen.
class FailingCrm {
 public:
  struct Seen {
    std::string target;
    std::string key;
    bool taken;
  };

  Answer operator()(const SinkRequest& request) {
    const std::lock_guard lock(mutex_);
    const std::size_t number = seen_.size();
    const bool taken = number % 4 != 3;
    seen_.push_back({request.target, request.headers.Find("Idempotency-Key").value_or(""), taken});
    if (taken) return {};
    if (number % 8 == 3) return {.status = 503};
    return {.kind = Answer::Kind::Close};
  }

  // By target, in the order of their arrival.
  std::map<std::string, std::vector<Seen>> ByTarget() const {
    const std::lock_guard lock(mutex_);
    std::map<std::string, std::vector<Seen>> all;
    for (const Seen& seen : seen_) all[seen.target].push_back(seen);
    return all;
  }

  // What was taken of a session, in the order of its arrival.
  std::vector<std::string> TakenOf(int session) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> targets;
    for (const Seen& seen : seen_) {
      if (seen.taken && seen.target.starts_with(fmt::format("/cases/{}-", session))) {
        targets.push_back(seen.target);
      }
    }
    return targets;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
};

TEST_F(Order, OfEverySessionIsKeptWhileOneRequestInFourFails) {
  constexpr int kSessions = 200;
  constexpr int kPosts = 5;
  FailingCrm crm;
  HttpSink sink([&](const SinkRequest& request) { return crm(request); });
  Install(CrmAction(sink.port(), kOptions + "concurrency = 8\n"));
  DeliverBeside();
  for (int session = 1; session <= kSessions; ++session) {
    for (int post = 1; post <= kPosts; ++post) Post(session, post);
  }
  WaitFor("done", kSessions * kPosts);

  for (int session = 1; session <= kSessions; ++session) {
    EXPECT_THAT(crm.TakenOf(session),
                ElementsAre(TargetOf(session, 1), TargetOf(session, 2), TargetOf(session, 3),
                            TargetOf(session, 4), TargetOf(session, 5)));
  }
  std::size_t failed = 0;
  std::set<std::string> keys;
  for (const auto& [target, attempts] : crm.ByTarget()) {
    for (const auto& attempt : attempts) EXPECT_EQ(attempt.key, attempts[0].key) << target;
    EXPECT_TRUE(keys.insert(attempts[0].key).second) << target << " has the key of another";
    failed += attempts.size() - 1;
  }
  EXPECT_THAT(keys, SizeIs(kSessions * kPosts));
  EXPECT_GE(failed, kSessions * kPosts / 4) << "too little failed to show anything";
}

TEST_F(Order, OfASessionWaitsWhileTheCrmIsSlowAndOthersGoOn) {
  HttpSink sink([](const SinkRequest& request) {
    return Answer{.kind =
                      request.target == TargetOf(1, 1) ? Answer::Kind::Hang : Answer::Kind::Reply};
  });
  Install(CrmAction(sink.port(), kOptions));
  DeliverBeside();
  for (const int post : {1, 2}) Post(1, post);
  for (const int session : {2, 3, 4}) Post(session, 1);
  WaitFor("done", 3);
  EXPECT_THAT(Targets(sink.requests()),
              UnorderedElementsAre(TargetOf(1, 1), TargetOf(2, 1), TargetOf(3, 1), TargetOf(4, 1)));
  sink.Release();
  WaitFor("done", 5);
  EXPECT_EQ(sink.requests().back().target, TargetOf(1, 2));
}

TEST_F(Order, IsNotKeptWhereTheConfigurationSaysNone) {
  HttpSink sink([](const SinkRequest& request) {
    return Answer{.kind =
                      request.target == TargetOf(1, 1) ? Answer::Kind::Hang : Answer::Kind::Reply};
  });
  Install(CrmAction(sink.port(), kOptions + "order = \"none\"\n"));
  for (const int post : {1, 2, 3}) Post(1, post);
  WaitFor("done", 2);
  sink.Release();
  WaitFor("done", 3);
}

// Takes everything but one target, until it is told to take that as well.
class RefusingOne {
 public:
  explicit RefusingOne(std::string target) : target_(std::move(target)) {}
  Answer operator()(const SinkRequest& request) const {
    return {.status = request.target == target_ && refusing_ ? 404 : 200};
  }
  void Relent() { refusing_ = false; }

 private:
  const std::string target_;
  std::atomic<bool> refusing_ = true;
};

TEST_F(Order, SkipsADeadDelivery) {
  RefusingOne crm(TargetOf(1, 2));
  HttpSink sink([&](const SinkRequest& request) { return crm(request); });
  Install(CrmAction(sink.port(), kOptions + "on_dead = \"skip\"\n"));
  for (const int post : {1, 2, 3}) Post(1, post);
  WaitFor("done", 2);
  EXPECT_THAT(Queue("dead"), SizeIs(1));
  EXPECT_THAT(Targets(sink.requests()),
              ElementsAre(TargetOf(1, 1), TargetOf(1, 2), TargetOf(1, 3)));
}

class HeldSession : public Order {
 protected:
  // The second of three posts of session 1 is dead, session 2 was posted later and is delivered.
  void SetUp() override {
    Install(CrmAction(sink_.port(), kOptions + "on_dead = \"hold\"\n"));
    DeliverBeside();
    for (const int post : {1, 2, 3}) Post(1, post);
    dead_ = WaitFor("dead", 1);
    for (const int post : {1, 2}) Post(2, post);
    WaitFor("done", 3);
  }

  RefusingOne crm_{TargetOf(1, 2)};
  HttpSink sink_{[this](const SinkRequest& request) { return crm_(request); }};
  std::vector<json> dead_;
};

TEST_F(HeldSession, WaitsBehindItsDeadDeliveryAndOthersGoOn) {
  EXPECT_THAT(Targets(sink_.requests()),
              ElementsAre(TargetOf(1, 1), TargetOf(1, 2), TargetOf(2, 1), TargetOf(2, 2)));
  const auto waiting = Queue("due");
  ASSERT_THAT(waiting, SizeIs(1));
  EXPECT_TRUE(waiting[0]["next_try"].is_null());
  EXPECT_EQ(waiting[0]["attempts"], 0);
}

TEST_F(HeldSession, GoesOnInItsOrderOnceTheDeadDeliveryIsRetried) {
  crm_.Relent();
  EXPECT_EQ(installation_->Relay({"queue", "retry", dead_[0]["delivery_id"]}).code, 0);
  WaitFor("done", 5);
  const auto requests = sink_.requests();
  ASSERT_THAT(requests, SizeIs(6));
  EXPECT_EQ(requests[4].target, TargetOf(1, 2));
  EXPECT_EQ(requests[5].target, TargetOf(1, 3));
  EXPECT_EQ(requests[4].headers.Find("Idempotency-Key"),
            requests[1].headers.Find("Idempotency-Key"));
}

TEST_F(HeldSession, GoesOnOnceTheDeadDeliveryIsDropped) {
  EXPECT_EQ(installation_->Relay({"queue", "drop", "--yes", dead_[0]["delivery_id"]}).code, 0);
  WaitFor("done", 4);
  EXPECT_EQ(sink_.requests().back().target, TargetOf(1, 3));
}

// Two programs with two workers each could have four at the CRM.
TEST_F(Order, LeavesNoMoreAtOneTimeToACrmThanItsConcurrencyOverAllPrograms) {
  HttpSink slow([](const SinkRequest&) { return Answer{.kind = Answer::Kind::Hang}; });
  HttpSink other;
  Install("[delivery]\nworkers = 2\n" + CrmAction(slow.port(), kOptions + "concurrency = 3\n") +
          fmt::format(
              "[action.other]\ntype = \"http\"\nurl = \"{}\"\ntext = \"{{{{ .Tracking0 }}}}\"\n",
              other.Url("/")));
  DeliverBeside();
  for (int session = 1; session <= 3; ++session) Post(session, 1);
  EXPECT_THAT(slow.WaitForRequests(3, kPatience), SizeIs(3));

  // The one worker that is left finds more for the CRM again and again, and leaves it alone.
  for (int session = 4; session <= 20; ++session) Post(session, 1);
  EXPECT_THAT(other.WaitForRequests(20, kPatience), SizeIs(20));
  EXPECT_THAT(slow.requests(), SizeIs(3));
  WaitFor("claimed", 3);
  slow.Release();
  WaitFor("done", 40);
  EXPECT_THAT(slow.requests(), SizeIs(20));
}

}  // namespace
}  // namespace relay::test
