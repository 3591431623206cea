// The durable queue: posts, sessions, deliveries, and what could not be decoded.
//
// A Store belongs to one thread at a time; open one for each thread that needs one. Any number of
// processes may work on the same database: deliveries are claimed by one worker at a time, and a
// claim that lapsed is void.
//
// When a call that changes something returns ok, its changes are committed and synced; otherwise
// nothing of it is kept. docs/internals.md has the states and what a crash costs in each.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "model/circuit.h"
#include "model/delivery.h"
#include "model/measurements.h"
#include "model/post.h"
#include "model/session.h"
#include "session/fold.h"

namespace relay {

// A delivery that a post gives rise to.
struct NewDelivery {
  std::string action;
  Order order = Order::Session;
  OnDead on_dead = OnDead::Skip;
  std::string dead_reason;  // not empty: dead from the start, for this reason
};

// What is decided about a post while its session is locked.
struct Plan {
  SessionState state;
  PostFacts facts;
  std::vector<NewDelivery> deliveries;
};

// A post that asks to be stored. Its plan is made inside the transaction, when its place in the
// session is known.
struct NewPost {
  RawPost raw;
  std::string session_id;
  std::function<Result<Plan>(PostId, const SessionState&, const ReadTranscript&)> plan;
};

// Bytes that cannot be read as a post today.
struct NewQuarantined {
  RawPost raw;
  std::string headers;  // one "Name: value" a line, without credentials
  std::string reason;
};

struct Accepted {
  PostId id;
  bool repeat = false;  // the very same request was stored before; nothing was stored now
  std::size_t deliveries = 0;
  std::string trace_id = {};  // of the stored post, where its sender named one
};

struct Quarantined {
  QuarantineId id;
  RawPost raw;
  std::string headers;
  std::string reason;
};

// The same without its bytes, for listings.
struct QuarantinedSummary {
  QuarantineId id;
  Time received_at{};
  std::string endpoint;
  std::string content_type;
  std::string remote_addr;
  std::string reason;
  std::int64_t size = 0;
};

// A delivery in the hands of one worker until the lease ends. `attempt` fences it.
struct Claim {
  Delivery delivery;
  int attempt = 0;
};

enum class ClaimRefusal {
  NothingDue,
  AtLimit,
  CircuitOpen,  // the destination has failed so often that it is left alone for a while
};
using ClaimAnswer = std::variant<Claim, ClaimRefusal>;

// New and retried work take turns: neither a backlog of one nor a stream of the other keeps a
// delivery waiting for ever. Where there is none of the kind that is asked for, the other goes.
enum class Turn { New, Retried };

struct ClaimRequest {
  std::string action;
  int concurrency = 1;  // claims of this action at one time, over all processes
  Duration lease{};
  Turn turn = Turn::New;
  CircuitPolicy circuit{};
  // No try and no lease is ever set further ahead than this. One that is was set before the clock
  // was put back, and counts as due.
  Duration furthest = std::chrono::days(36500);
};

// Where an attempt left its delivery.
struct Finish {
  DeliveryId id;
  int attempt = 0;
  DeliveryState state = DeliveryState::Done;  // Due (with next_try), Done or Dead
  Time next_try{};
  std::string error;
  OnDead on_dead = OnDead::Skip;
  Reach reach = Reach::Unknown;
  std::string answer = {};  // of the other side, kept unless the delivery is done
};

// Deliveries of an action that are over age while its circuit is open.
struct Overdue {
  std::string action;
  Time created_before{};
  OnDead on_dead = OnDead::Skip;
  std::size_t most = 100;  // ended by one call
};

enum class FinishResult { Recorded, LostClaim };

// A stored post with what its session looked like when it came.
struct PostInSession {
  StoredPost post;
  SessionState session;  // without what only the next fold needs
};

struct PostSummary {
  PostId id;
  std::string session_id;
  Time received_at{};
  std::string endpoint;
  Event event = Event::Updated;
  std::int64_t size = 0;
};

// A session with how its deliveries stand.
struct SessionSummary {
  std::string session_id;
  PostId last_post;
  SessionState state;            // without what only the next fold needs
  std::int64_t undelivered = 0;  // due, claimed or held
  std::int64_t dead = 0;
};

// Which sessions; every member that is set narrows the selection.
struct SessionFilter {
  bool open = false;                      // neither closed nor lapsed
  std::optional<Time> silent_since = {};  // no post since then
};

// How a stored post is folded into its session today; `before` is the session as rebuilt so far.
using Refold = std::function<Result<Folded>(const StoredPost&, const SessionState& before,
                                            const ReadTranscript&)>;

enum class RebuildMode { Compare, Write };

struct Rebuilt {
  std::int64_t posts = 0;
  std::int64_t changed = 0;  // posts of which something else is known now
  bool state_changed = false;
};

struct ActionPause {
  std::string action;
  std::string reason;
  Time since{};
};

struct QueueCount {
  std::string action;
  DeliveryState state = DeliveryState::Due;
  std::int64_t count = 0;
};

// What operators do to deliveries that were selected.
enum class QueueChange {
  Retry,    // dead or due → due now, and the circuit of its action is closed; one that was dead
            // counts its age anew
  Hold,     // due → held; it keeps its place, later ones of its session wait
  Release,  // held → due now, or when its turn comes; counts its age anew
  Drop,     // removed for ever; not while claimed, and done ones only where IDs or state say so
};

// Which deliveries; every member that is set narrows the selection.
struct DeliveryFilter {
  std::vector<DeliveryId> ids;
  std::optional<std::string> action;
  std::optional<std::string> session_id;
  std::optional<DeliveryState> state;
};

enum class DamageScope {
  Everything,
  Undelivered,  // posts with a delivery that is due, claimed or held
};

// Something stored that is not what was written.
struct Damage {
  std::optional<PostId> post;
  std::optional<DeliveryId> delivery;
  std::string what;         // no posted values
  std::string action = {};  // of the delivery, where one is named
};

// Asked between the steps of a long look; true ends it.
using StopRequested = std::function<bool()>;

// A delivery that cannot be made, which was found out without a try.
struct Condemned {
  DeliveryId id;
  std::string reason;
  OnDead on_dead = OnDead::Skip;
};

struct StoreTotals {
  std::int64_t schema_version = 0;
  std::int64_t posts_stored = 0;  // ever, those that were pruned, too
  std::int64_t quarantined = 0;   // now
};

// What is old enough to go, and where the last batch ended.
struct PruneRequest {
  Time sessions_before{};     // sessions whose newest post is older
  Time quarantined_before{};  // quarantined posts that are older
  std::size_t most = 100;     // sessions, and quarantined posts, to look at in one batch
  Time after{};               // of the session that was looked at last, and its newest post;
  PostId after_post{};        // Pruned::next says them
};

struct Pruned {
  std::int64_t sessions = 0;
  std::int64_t posts = 0;
  std::int64_t quarantined = 0;
  std::optional<PruneRequest> next;  // absent: nothing is left
};

// A session that was removed on request, and what of it there was.
struct Erasure {
  Time erased_at{};
  std::string by;  // who asked for it
  std::int64_t posts = 0;
  std::int64_t deliveries = 0;
  std::int64_t quarantined = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // Identifies the store itself, so that a delivery's identity is unique among stores.
  virtual const std::string& store_id() const = 0;

  // Free space where the store grows, in bytes.
  virtual Result<std::uint64_t> FreeBytes() const = 0;

  // Runs `work`: the changes that its calls make are committed and synced together, and what they
  // return holds only when this returns ok. A call that fails leaves no trace; where `work` fails
  // or the commit does, nothing of all of it is kept.
  virtual Result<void> Together(const std::function<Result<void>()>& work) = 0;

  // How long the last commit and its sync took.
  virtual std::chrono::microseconds LastSync() const = 0;

  // -- Receiving. One transaction for the whole batch, synced before it returns. Each item's result
  // stands for itself: an item that cannot be stored leaves no trace and disturbs no other. When
  // the commit fails, every item fails.
  virtual std::vector<Result<Accepted>> Accept(std::span<const NewPost> posts) = 0;
  virtual std::vector<Result<QuarantineId>> Quarantine(std::span<const NewQuarantined> items,
                                                       Time now) = 0;

  // -- Delivering.
  virtual Result<ClaimAnswer> ClaimDue(const ClaimRequest& request, Time now) = 0;
  virtual Result<FinishResult> Finish(const struct Finish& finish, Time now) = 0;
  // Makes deliveries dead that are too old, without another try: the oldest first, of those whose
  // turn it is. Returns how many.
  virtual Result<std::size_t> GiveUp(const Overdue& overdue, Time now) = 0;
  // False where the delivery is neither due nor held.
  virtual Result<bool> Condemn(const Condemned& condemned, Time now) = 0;
  virtual Result<std::vector<Circuit>> Circuits() = 0;  // actions with failures in a row
  // When the next delivery of these actions becomes due; nothing where none waits for a time.
  virtual Result<std::optional<Time>> NextDue(std::span<const std::string> actions) = 0;
  virtual Result<void> PauseAction(const std::string& action, const std::string& reason,
                                   Time now) = 0;
  // Ends a pause, and the wait of a circuit. False where there was neither.
  virtual Result<bool> ResumeAction(const std::string& action) = 0;
  virtual Result<std::vector<ActionPause>> PausedActions() = 0;

  // -- Reading. Newest first; a limit of 0 is none. A listing holds nothing open while it hands
  // over a row: `each` may take its time, and may change the store through another connection.
  virtual Result<std::optional<PostInSession>> FindPost(PostId id) = 0;
  virtual Result<std::string> Transcript(const std::string& session_id, PostId up_to) = 0;
  virtual Result<void> ListPosts(std::size_t limit,
                                 const std::function<void(const PostSummary&)>& each) = 0;
  virtual Result<std::optional<SessionState>> FindSession(const std::string& session_id) = 0;
  virtual Result<void> ListSessions(const SessionFilter& filter, std::size_t limit,
                                    const std::function<void(const SessionSummary&)>& each) = 0;
  // Oldest first.
  virtual Result<void> ListPostsOf(const std::string& session_id,
                                   const std::function<void(const PostSummary&)>& each) = 0;
  virtual Result<void> ListDeliveries(const DeliveryFilter& filter, std::size_t limit,
                                      const std::function<void(const Delivery&)>& each) = 0;
  virtual Result<std::optional<Quarantined>> FindQuarantined(QuarantineId id) = 0;
  virtual Result<void> ListQuarantined(
      std::size_t limit, const std::function<void(const QuarantinedSummary&)>& each) = 0;
  virtual Result<std::vector<QueueCount>> CountDeliveries() = 0;
  // Deliveries whose time came before `before`: due ones, or claimed ones whose lease has ended.
  virtual Result<std::int64_t> CountLate(const std::string& action, DeliveryState state,
                                         Time before) = 0;
  // Since when the oldest delivery that is due or claimed has been in the queue.
  virtual Result<std::optional<Time>> OldestUndelivered(const std::string& action) = 0;
  virtual Result<StoreTotals> Totals() = 0;
  // What all processes have measured and handed over, since the store was made.
  virtual Result<std::vector<Measured>> ReadMeasured() = 0;
  virtual Result<void> AddMeasured(std::span<const Measured> measured) = 0;
  virtual Result<std::vector<Notice>> Notices() = 0;
  // Writes `next` where the notice of its alert and action is still as `seen`, which is a new one
  // where there is none yet. False where another process was first.
  virtual Result<bool> ReplaceNotice(const Notice& seen, const Notice& next) = 0;
  // Reads the posts and compares them with their digests. Fails only where looking is impossible.
  virtual Result<void> FindDamage(DamageScope scope, const std::function<void(const Damage&)>& each,
                                  const StopRequested& stop = {}) = 0;

  // -- Operators' changes.
  // How many deliveries a change would concern now.
  virtual Result<std::int64_t> CountFor(QueueChange change, const DeliveryFilter& filter) = 0;
  // Returns how many were changed. Goes in transactions of some hundred deliveries, so that nobody
  // waits long for the lock; where one of them fails, those before it stay.
  virtual Result<std::int64_t> Change(QueueChange change, const DeliveryFilter& filter,
                                      Time now) = 0;
  // Folds the posts of a session anew, in the order stored, in one transaction. Compare changes
  // nothing. BadInput where there is no such session.
  virtual Result<Rebuilt> RebuildSession(const std::string& session_id, RebuildMode mode,
                                         const Refold& fold) = 0;
  // Out of quarantine and into the posts in one transaction; its deliveries count their age from
  // now on. BadInput where it is not in quarantine any more.
  virtual Result<Accepted> AcceptQuarantined(QuarantineId id, const NewPost& post, Time now) = 0;
  // Removes them for ever, in one transaction; returns how many there were.
  virtual Result<std::int64_t> DropQuarantined(std::span<const QuarantineId> ids) = 0;
  // Removes a session for ever, with its posts, its deliveries in whatever state and the
  // quarantined posts that are named, in one transaction that also writes down that it was done. A
  // worker that has one of the deliveries records nothing. The bytes are overwritten in the file;
  // false in `overwritten` where somebody reads, and the log keeps copies until it is used again.
  // BadInput where there is nothing of it.
  struct Erased {
    Erasure erasure;
    bool overwritten = false;
  };
  virtual Result<Erased> EraseSession(const std::string& session_id,
                                      std::span<const QuarantineId> quarantined,
                                      const std::string& by, Time now) = 0;
  // The latest, where there was one.
  virtual Result<std::optional<Erasure>> FindErasure(const std::string& session_id) = 0;
  // One batch of what is too old: whole sessions all of whose deliveries are done, with their posts
  // and deliveries, and quarantined posts. A batch is a short transaction, and none at all where
  // there is nothing to remove; call again with `next`.
  virtual Result<Pruned> Prune(const PruneRequest& request) = 0;
  // What all batches together would remove.
  virtual Result<Pruned> CountPrunable(const PruneRequest& request) = 0;
  // New deliveries for a stored post, whether or not it had some before.
  virtual Result<std::vector<DeliveryId>> Replay(PostId post,
                                                 std::span<const NewDelivery> deliveries,
                                                 Time now) = 0;
};

}  // namespace relay
