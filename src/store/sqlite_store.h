// The store in one SQLite file, in WAL mode. The file must be on a local disk: SQLite's locks and
// its shared memory do not work over a network.
#pragma once

#include <cstdint>
#include <string>

#include "base/log.h"
#include "sql/connection.h"
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

  std::vector<Result<Accepted>> Accept(std::span<const NewPost> posts) override;
  std::vector<Result<QuarantineId>> Quarantine(std::span<const NewQuarantined> items,
                                               Time now) override;

  Result<ClaimAnswer> ClaimDue(const ClaimRequest& request, Time now) override;
  Result<FinishResult> Finish(const relay::Finish& finish, Time now) override;
  Result<std::size_t> GiveUp(const Overdue& overdue, Time now) override;
  Result<std::vector<Circuit>> Circuits() override;
  Result<std::optional<Time>> NextDue(std::span<const std::string> actions) override;
  Result<void> PauseAction(const std::string& action, const std::string& reason, Time now) override;
  Result<bool> ResumeAction(const std::string& action) override;
  Result<std::vector<ActionPause>> PausedActions() override;

  Result<std::optional<PostInSession>> FindPost(PostId id) override;
  Result<std::string> Transcript(const std::string& session_id, PostId up_to) override;
  Result<void> ListPosts(std::size_t limit,
                         const std::function<void(const PostSummary&)>& each) override;
  Result<void> ListDeliveries(const DeliveryFilter& filter, std::size_t limit,
                              const std::function<void(const Delivery&)>& each) override;
  Result<void> ListQuarantined(std::size_t limit,
                               const std::function<void(const Quarantined&)>& each) override;
  Result<std::vector<QueueCount>> CountDeliveries() override;

  Result<std::int64_t> Retry(const DeliveryFilter& filter, Time now) override;
  Result<std::int64_t> Drop(const DeliveryFilter& filter, Time now) override;
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
  Result<QuarantineId> QuarantineOne(const NewQuarantined& item, Time now);

  // Of one item of a batch, inside its transaction.
  Result<Accepted> AcceptOne(const NewPost& post);
  Result<SessionState> ReadSession(const std::string& session_id);
  Result<void> WriteSession(const std::string& session_id, const SessionState& state);
  Result<void> InsertPost(PostId id, const NewPost& post, const Digest& digest, const Plan& plan);
  Result<DeliveryId> InsertDelivery(PostId post, const std::string& session_id,
                                    const NewDelivery& delivery, Time now);
  Result<PostId> NextPostId();

  // Of a claim, a finish or a giving up, inside its transaction; FindDue and ReadCircuit outside of
  // it, too.
  Result<std::optional<DeliveryId>> FindDue(const ClaimRequest& request, Time now);
  Result<Claim> Take(DeliveryId id, Time lease_end);
  Result<Circuit> ReadCircuit(const std::string& action);
  Result<void> CountReach(const std::string& action, const relay::Finish& finish, Time now);
  Result<bool> GiveUpOldest(const Overdue& overdue, int retried, Time now);

  // Makes the first delivery of an action and session ready, unless one of them is claimed.
  Result<void> SettleLine(const std::string& action, const std::string& session_id, Time now);
  Result<std::vector<Delivery>> Select(const DeliveryFilter& filter);

  std::string path_;
  std::optional<FileIdentity> identity_;  // absent for a store in memory
  sql::Connection connection_;
  std::string store_id_;
  Log log_;
};

}  // namespace relay
