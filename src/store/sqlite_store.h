// The store in one SQLite file, in WAL mode. The file must be on a local disk: SQLite's locks and
// its shared memory do not work over a network.
#pragma once

#include <cstdint>
#include <string>

#include "base/log.h"
#include "sql/connection.h"
#include "store/packer.h"
#include "store/store.h"
#include "store/store_file.h"

namespace relay {

class SqliteStore : public Store {
 public:
  // ReadWrite creates the file and migrates the schema; the folder must exist.
  static Result<std::unique_ptr<SqliteStore>> Open(const std::string& path, sql::OpenMode mode);

  // For who must go on whatever has become of the file: one that is no readable database is set
  // aside and another made in its place, which is logged.
  static Result<std::unique_ptr<SqliteStore>> OpenOrReplace(const std::string& path);

  const std::string& store_id() const override { return store_id_; }
  Result<std::uint64_t> FreeBytes() const override;
  Result<void> Together(const std::function<Result<void>()>& work) override;
  std::chrono::microseconds LastSync() const override { return connection_.last_commit(); }

  std::vector<Result<Accepted>> Accept(std::span<const NewPost> posts) override;
  std::vector<Result<QuarantineId>> Quarantine(std::span<const NewQuarantined> items,
                                               Time now) override;

  Result<ClaimAnswer> ClaimDue(const ClaimRequest& request, Time now) override;
  Result<FinishResult> Finish(const relay::Finish& finish, Time now) override;
  Result<std::size_t> GiveUp(const Overdue& overdue, Time now) override;
  Result<bool> Condemn(const Condemned& condemned, Time now) override;
  Result<std::vector<Circuit>> Circuits() override;
  Result<std::optional<Time>> NextDue(std::span<const std::string> actions) override;
  Result<void> PauseAction(const std::string& action, const std::string& reason, Time now) override;
  Result<bool> ResumeAction(const std::string& action) override;
  Result<std::vector<ActionPause>> PausedActions() override;

  Result<std::optional<PostInSession>> FindPost(PostId id) override;
  Result<std::string> Transcript(const std::string& session_id, PostId up_to) override;
  Result<void> ListPosts(std::size_t limit,
                         const std::function<void(const PostSummary&)>& each) override;
  Result<std::optional<SessionState>> FindSession(const std::string& session_id) override;
  Result<void> ListSessions(const SessionFilter& filter, std::size_t limit,
                            const std::function<void(const SessionSummary&)>& each) override;
  Result<void> ListPostsOf(const std::string& session_id,
                           const std::function<void(const PostSummary&)>& each) override;
  Result<void> ListDeliveries(const DeliveryFilter& filter, std::size_t limit,
                              const std::function<void(const Delivery&)>& each) override;
  Result<std::optional<Quarantined>> FindQuarantined(QuarantineId id) override;
  Result<void> ListQuarantined(std::size_t limit,
                               const std::function<void(const QuarantinedSummary&)>& each) override;
  Result<std::vector<QueueCount>> CountDeliveries() override;
  Result<std::int64_t> CountLate(const std::string& action, DeliveryState state,
                                 Time before) override;
  Result<std::optional<Time>> OldestUndelivered(const std::string& action) override;
  Result<StoreTotals> Totals() override;
  Result<std::vector<Measured>> ReadMeasured() override;
  Result<void> AddMeasured(std::span<const Measured> measured) override;
  Result<std::vector<Notice>> Notices() override;
  Result<bool> ReplaceNotice(const Notice& seen, const Notice& next) override;
  Result<void> FindDamage(DamageScope scope, const std::function<void(const Damage&)>& each,
                          const StopRequested& stop = {}) override;

  Result<std::int64_t> CountFor(QueueChange change, const DeliveryFilter& filter) override;
  Result<std::int64_t> Change(QueueChange change, const DeliveryFilter& filter, Time now) override;
  Result<Accepted> AcceptQuarantined(QuarantineId id, const NewPost& post, Time now) override;
  Result<std::int64_t> DropQuarantined(std::span<const QuarantineId> ids) override;
  Result<Erased> EraseSession(const std::string& session_id,
                              std::span<const QuarantineId> quarantined, const std::string& by,
                              Time now) override;
  Result<std::optional<Erasure>> FindErasure(const std::string& session_id) override;
  Result<Pruned> Prune(const PruneRequest& request) override;
  Result<Pruned> CountPrunable(const PruneRequest& request) override;
  Result<Rebuilt> RebuildSession(const std::string& session_id, RebuildMode mode,
                                 const Refold& fold) override;
  Result<std::vector<DeliveryId>> Replay(PostId post, std::span<const NewDelivery> deliveries,
                                         Time now) override;

 private:
  SqliteStore(std::string path, sql::Connection connection)
      : path_(std::move(path)), identity_(IdentityOf(path_)), connection_(std::move(connection)) {}

  // Where the file has gone from its path, what is written to it is written to nowhere: then the
  // store is opened anew, which makes a file where there is none.
  Result<void> EnsurePresent();
  // Every change begins here.
  Result<sql::Transaction> BeginWrite();
  // Temporary where the file has gone since.
  Result<void> CheckPresent() const;
  // Sets the file aside, as damaged, and makes another.
  Result<void> Replace();
  Result<void> OpenAnew();

  template <class T, class Item, class Each>
  std::vector<Result<T>> InOneTransaction(std::span<const Item> items, const Each& each);
  template <class T, class Item, class Each>
  std::vector<Result<T>> InParts(std::span<const Item> items, const Each& each);
  template <class T>
  std::vector<Result<T>> CommitAll(sql::Transaction& transaction,
                                   std::vector<Result<T>> results) const;
  Result<QuarantineId> QuarantineOne(const NewQuarantined& item, Time now);

  // Of one item of a batch, inside its transaction.
  Result<Accepted> AcceptOne(const NewPost& post);
  Result<SessionState> ReadSession(const std::string& session_id);
  Result<void> WriteSession(const std::string& session_id, PostId last_post,
                            const SessionState& state);
  Result<void> InsertPost(PostId id, const NewPost& post, const Digest& digest, const Plan& plan);
  Result<DeliveryId> InsertDelivery(PostId post, const std::string& session_id,
                                    const NewDelivery& delivery, Time now);
  Result<PostId> NextPostId();
  // Corrupt where it is damaged; `packed` is the column that says whether it has to be unpacked.
  Result<std::string> UnpackedText(const sql::Statement& row, int packed, int column);
  // Whether the facts of a post were others before.
  Result<bool> RewriteFacts(const PostInSession& stored, const Folded& folded);

  // Of a claim, a finish or a giving up, inside its transaction; the ones that find and read
  // outside of it, too.
  Result<std::variant<DeliveryId, ClaimRefusal>> FindClaimable(const ClaimRequest& request,
                                                               Time now);
  Result<std::optional<DeliveryId>> FindDue(const ClaimRequest& request, Time now);
  Result<Claim> Take(DeliveryId id, Time lease_end);
  Result<Circuit> ReadCircuit(const std::string& action);
  Result<void> CountReach(const std::string& action, const relay::Finish& finish, Time now);
  Result<bool> GiveUpOldest(const Overdue& overdue, int retried, Time now);

  // Makes the first delivery of an action and session ready, unless one of them is claimed.
  Result<void> SettleLine(const std::string& action, const std::string& session_id, Time now);
  // Inside a transaction; whether the delivery was in a state to be changed.
  Result<std::int64_t> ChangeBatch(QueueChange change, std::span<const Delivery> batch, Time now);
  Result<bool> ChangeOne(QueueChange change, const Delivery& delivery, Time now);
  Result<bool> Retry(const Delivery& delivery, Time now);
  Result<bool> Hold(const Delivery& delivery);
  Result<bool> Release(const Delivery& delivery, Time now);
  Result<bool> Drop(const Delivery& delivery, Time now);

  using EachDamage = std::function<void(const Damage&)>;
  Result<void> CheckFile(const EachDamage& each);
  Result<void> CheckPosts(const EachDamage& each);
  Result<void> CheckDeliveries(const EachDamage& each);
  Result<void> CheckSessions(const EachDamage& each);
  Result<void> CheckUndelivered(const EachDamage& each, const StopRequested& stop);
  // What is wrong with a post; empty where nothing is.
  std::string Examine(PostId id);

  // What one batch would remove, and where the next begins.
  struct PruneBatch {
    std::vector<std::string> sessions;
    std::vector<QuarantineId> quarantined;
    std::optional<PruneRequest> next;
  };
  Result<PruneBatch> SelectPrunable(const PruneRequest& request);
  Result<void> SelectOldSessions(const PruneRequest& request, PruneBatch& batch);
  Result<void> SelectOldQuarantined(const PruneRequest& request, PruneBatch& batch);
  Result<Erasure> EraseRows(const std::string& session_id,
                            std::span<const QuarantineId> quarantined);
  Result<bool> TruncateLog();
  Result<Pruned> Remove(const PruneBatch& batch);

  std::string path_;
  std::optional<FileIdentity> identity_;  // absent for a store in memory
  sql::Connection connection_;
  Packer packer_;
  std::string store_id_;
  Log log_;
};

}  // namespace relay
