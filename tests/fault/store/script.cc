#include "fault/store/script.h"

#include <algorithm>

#include "fault/store/script_posts.h"
#include "sql/connection.h"
#include "store/sqlite_store.h"

namespace relay::test {
namespace {

using std::chrono::seconds;

// Permanent, as no fault of a disk is: what was acknowledged is not what the script expects.
Error Unexpected(const std::string& what) {
  return {ErrorKind::Permanent, "unexpected: " + what};
}

Result<void> OpenStore(std::unique_ptr<Store>& store) {
  if (store != nullptr) return {};
  auto opened = SqliteStore::Open(kStorePath, sql::OpenMode::ReadWrite);
  if (!opened) return opened.error();
  store = *std::move(opened);
  return {};
}

Operation Accept(const std::string& what, std::vector<NewPost> posts, std::size_t refused = 0) {
  auto run = [=](Machine& machine) -> Result<void> {
    const auto results = machine.receiver->Accept(posts);
    const auto is_lost = [](const Result<Accepted>& result) {
      return !result && result.error().kind != ErrorKind::Permanent;
    };
    const auto lost = std::find_if(results.begin(), results.end(), is_lost);
    const auto stored = std::count_if(results.begin(), results.end(),
                                      [](const Result<Accepted>& result) { return result.ok(); });
    if (lost != results.end() && stored == 0) return lost->error();
    if (static_cast<std::size_t>(stored) + refused != posts.size()) return Unexpected("Accept");
    return {};
  };
  return {"accept " + what, true, run};
}

Operation Quarantine(const std::string& what, std::vector<NewQuarantined> items, seconds now) {
  auto run = [=](Machine& machine) -> Result<void> {
    for (const auto& result : machine.receiver->Quarantine(items, At(now))) {
      if (!result) return result.error();
    }
    return {};
  };
  return {"quarantine " + what, false, run};
}

// Of new or retried ones, the delivery that is due longest is this one, with this attempt.
Operation ClaimOf(std::int64_t id, int attempt, const std::string& action, seconds now) {
  auto run = [=](Machine& machine) -> Result<void> {
    ClaimRequest request{action, 100, seconds(60)};
    request.turn = attempt > 1 ? Turn::Retried : Turn::New;
    auto answer = machine.worker->ClaimDue(request, At(now));
    if (!answer) return answer.error();
    const Claim* claim = std::get_if<Claim>(&*answer);
    if (claim == nullptr) return Unexpected("nothing to claim");
    if (claim->delivery.id.value != id || claim->attempt != attempt)
      return Unexpected("another claim, of " + ToString(claim->delivery.id));
    return {};
  };
  return {"claim delivery " + std::to_string(id), false, run};
}

Operation End(const std::string& what, const Finish& finish, seconds now,
              FinishResult expected = FinishResult::Recorded) {
  auto run = [=](Machine& machine) -> Result<void> {
    auto result = machine.worker->Finish(finish, At(now));
    if (!result) return result.error();
    if (*result != expected) return Unexpected("another result of Finish");
    return {};
  };
  return {what + " delivery " + ToString(finish.id), false, run};
}

Operation Done(std::int64_t id, int attempt, seconds now) {
  return End("finish", {DeliveryId{id}, attempt, DeliveryState::Done, {}, "", OnDead::Hold}, now);
}

Operation Dead(std::int64_t id, int attempt, seconds now) {
  return End("give up",
             {DeliveryId{id}, attempt, DeliveryState::Dead, {}, "HTTP 410", OnDead::Hold}, now);
}

Operation TryAgain(std::int64_t id, int attempt, seconds now, seconds next) {
  Finish finish{DeliveryId{id}, attempt, DeliveryState::Due, At(next), "HTTP 503", OnDead::Hold};
  finish.reach = Reach::Failed;
  return End("try again", finish, now);
}

// After its lease another worker had the delivery.
Operation DoneTooLate(std::int64_t id, int attempt, seconds now) {
  return End("finish too late",
             {DeliveryId{id}, attempt, DeliveryState::Done, {}, "", OnDead::Hold}, now,
             FinishResult::LostClaim);
}

template <class Call>
Operation Operate(const std::string& what, std::int64_t changes, const Call& call) {
  auto run = [=](Machine& machine) -> Result<void> {
    Result<std::int64_t> changed = call(*machine.receiver);
    if (!changed) return changed.error();
    if (*changed != changes) return Unexpected("another number of changes");
    return {};
  };
  return {what, false, run};
}

Operation Pause(const std::string& action, seconds now) {
  return {"pause " + action, true, [=](Machine& machine) {
            return machine.worker->PauseAction(action, "HTTP 401", At(now));
          }};
}

Operation Resume(const std::string& action) {
  return Operate("resume " + action, 1, [=](Store& store) -> Result<std::int64_t> {
    auto resumed = store.ResumeAction(action);
    if (!resumed) return resumed.error();
    return *resumed ? 1 : 0;
  });
}

Operation Replay(std::int64_t post, std::vector<NewDelivery> deliveries, seconds now) {
  return Operate("replay post " + std::to_string(post),
                 static_cast<std::int64_t>(deliveries.size()),
                 [=](Store& store) -> Result<std::int64_t> {
                   auto ids = store.Replay(PostId{post}, deliveries, At(now));
                   if (!ids) return ids.error();
                   return static_cast<std::int64_t>(ids->size());
                 });
}

Operation Change(const std::string& what, QueueChange change, const DeliveryFilter& filter,
                 std::int64_t changes, seconds now) {
  return Operate(what, changes,
                 [=](Store& store) { return store.Change(change, filter, At(now)); });
}

DeliveryFilter These(std::vector<DeliveryId> ids) {
  return {std::move(ids), {}, {}, {}};
}

Operation Condemn(std::int64_t id, seconds now) {
  return Operate("condemn", 1, [=](Store& store) -> Result<std::int64_t> {
    auto done = store.Condemn({DeliveryId{id}, "no such field", OnDead::Hold}, At(now));
    if (!done) return done.error();
    return *done ? 1 : 0;
  });
}

Operation GiveUp(const std::string& action, seconds created_before, std::int64_t changes,
                 seconds now) {
  return Operate("give up what is too old", changes, [=](Store& store) -> Result<std::int64_t> {
    auto done = store.GiveUp({action, At(created_before), OnDead::Skip}, At(now));
    if (!done) return done.error();
    return static_cast<std::int64_t>(*done);
  });
}

Operation AcceptQuarantined(std::int64_t id, const NewPost& post, seconds now) {
  return Operate("accept from quarantine", 1, [=](Store& store) -> Result<std::int64_t> {
    auto accepted = store.AcceptQuarantined(QuarantineId{id}, post, At(now));
    if (!accepted) return accepted.error();
    return static_cast<std::int64_t>(accepted->deliveries);
  });
}

Operation DropQuarantined(std::int64_t id) {
  return Operate("drop from quarantine", 1, [=](Store& store) {
    const QuarantineId ids[] = {QuarantineId{id}};
    return store.DropQuarantined(ids);
  });
}

Operation Prune(seconds sessions_before, seconds quarantined_before, std::int64_t changes) {
  return Operate("prune", changes, [=](Store& store) -> Result<std::int64_t> {
    PruneRequest request;
    request.sessions_before = At(sessions_before);
    request.quarantined_before = At(quarantined_before);
    auto pruned = store.Prune(request);
    if (!pruned) return pruned.error();
    return pruned->sessions + pruned->posts + pruned->quarantined;
  });
}

// As backup tools and operators do; it promises nothing.
Operation Checkpoint() {
  return {"checkpoint", false, [](Machine&) -> Result<void> {
            auto connection = sql::Connection::Open(kStorePath, sql::OpenMode::ReadWrite);
            if (!connection) return connection.error();
            return connection->ExecuteScript("PRAGMA wal_checkpoint(TRUNCATE)");
          }};
}

// The last one to close the store makes a checkpoint and deletes the WAL.
Operation Restart() {
  return {"restart", false, [](Machine& machine) {
            machine.CloseStores();
            return OpenStores(machine);
          }};
}

// A worker closes its store while the receiver goes on.
Operation RestartWorker() {
  return {"restart the worker", false, [](Machine& machine) {
            machine.worker.reset();
            return OpenStores(machine);
          }};
}

using Operations = std::vector<Operation>;

Operations AcceptAndDeliver() {
  return {
      {"open", false, OpenStores},
      Accept("posts of two sessions",
             {Chat("A", "10:00:01 Hello\n", At(seconds(0)), {"crm", "mail"}),
              Chat("A", "10:00:02 Help\n", At(seconds(0)), {"crm", "mail"}),
              Chat("B", "11:00:01 Hi\n", At(seconds(0)), {"crm", "mail"})}),
      Accept("a repeat and a new post",
             {Chat("A", "10:00:02 Help\n", At(seconds(1)), {"crm", "mail"}),
              Chat("B", "11:00:02 Ho\n", At(seconds(1)), {"crm", "mail"})}),
      Quarantine("two and a repeat",
                 {Unreadable("<broken", At(seconds(1))), Unreadable("<broken", At(seconds(1))),
                  Unreadable(std::string("\0<", 2), At(seconds(1)))},
                 seconds(1)),
      ClaimOf(1, 1, "crm", seconds(2)),
      Done(1, 1, seconds(3)),
      ClaimOf(5, 1, "crm", seconds(4)),
      TryAgain(5, 1, seconds(5), seconds(60)),
      ClaimOf(2, 1, "mail", seconds(6)),
      Dead(2, 1, seconds(7)),
      ClaimOf(4, 1, "mail", seconds(8)),
      Pause("mail", seconds(9)),
      RestartWorker(),
  };
}

Operations Operate() {
  return {
      Accept(
          "a long post, one that is refused and further ones",
          {Chat("A", LongChat(), At(seconds(10)), {"crm", "mail"}),
           Unplannable("B", At(seconds(10))), Chat("C", "12:00:01 Yes\n", At(seconds(10)), {"crm"}),
           Chat("A", "10:30:00 Bye\n", At(seconds(10)), {"crm"})},
          1),
      ClaimOf(3, 1, "crm", seconds(11)),
      Dead(3, 1, seconds(12)),
      Change("retry", QueueChange::Retry, These({DeliveryId{2}, DeliveryId{3}}), 2, seconds(13)),
      Resume("mail"),
      Change("drop", QueueChange::Drop, {{}, "mail", "B", {}}, 2, seconds(15)),
      ClaimOf(10, 1, "mail", seconds(16)),
      Done(10, 1, seconds(16)),
      ClaimOf(2, 2, "mail", seconds(17)),
      Done(2, 2, seconds(17)),
      ClaimOf(4, 2, "mail", seconds(70)),
      DoneTooLate(4, 1, seconds(70)),
      Done(4, 2, seconds(70)),
      Replay(1, {{"crm", Order::Session, OnDead::Hold, ""}}, seconds(71)),
      Checkpoint(),
  };
}

Operations RestartAndGoOn() {
  return {
      Accept("three posts of a session",
             {Chat("C", "12:00:02 No\n", At(seconds(72)), {"crm", "mail"}),
              Chat("C", "12:00:02 No\n12:00:03 But\n", At(seconds(72)), {"crm", "mail"}),
              Chat("C", "12:00:04 End\n", At(seconds(72)), {"crm", "mail"})}),
      ClaimOf(11, 1, "crm", seconds(73)),
      Done(11, 1, seconds(74)),
      Restart(),
      Accept("a new session and a repeat",
             {Chat("D", "13:00:01 Hey\n", At(seconds(80)), {"crm", "mail"}),
              Chat("A", "10:00:01 Hello\n", At(seconds(80)), {"crm"})}),
      ClaimOf(3, 2, "crm", seconds(81)),
      Done(3, 2, seconds(82)),
      Quarantine("one more", {Unreadable("%zz", At(seconds(83)))}, seconds(83)),
      Pause("crm", seconds(84)),
  };
}

Operations CleanUp() {
  return {
      Change("hold", QueueChange::Hold, These({DeliveryId{20}}), 1, seconds(85)),
      Condemn(21, seconds(85)),
      Change("release", QueueChange::Release, These({DeliveryId{20}}), 1, seconds(86)),
      GiveUp("mail", seconds(73), 3, seconds(86)),
      AcceptQuarantined(1, Chat("E", "14:00:01 Read at last\n", At(seconds(87)), {"crm"}),
                        seconds(87)),
      DropQuarantined(4),
      Change("drop all of a session", QueueChange::Drop, {{}, {}, "D", {}}, 2, seconds(88)),
      Prune(seconds(81), seconds(2), 3),
      Restart(),
      Accept("the last post", {Chat("B", "11:59:59 Over\n", At(seconds(90)), {"crm"})}),
      ClaimOf(5, 2, "crm", seconds(91)),
  };
}

}  // namespace

Result<void> OpenStores(Machine& machine) {
  auto opened = OpenStore(machine.receiver);
  if (!opened) return opened;
  machine.store_id = machine.receiver->store_id();
  return OpenStore(machine.worker);
}

const std::vector<Operation>& Script() {
  static const Operations kScript = [] {
    Operations all = AcceptAndDeliver();
    for (const Operations& part : {Operate(), RestartAndGoOn(), CleanUp()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return kScript;
}

}  // namespace relay::test
