#include "fault/store/inventory.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "model/event.h"
#include "sql/connection.h"
#include "store/sqlite_store.h"

namespace relay::test {
namespace {

std::int64_t Milliseconds(std::optional<Time> time) {
  return time ? time->time_since_epoch().count() : -1;
}

std::string Values(const RawPost& raw) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", raw.endpoint, raw.content_type, raw.query,
                     raw.remote_addr, raw.remote_user.value_or("(none)"),
                     Milliseconds(raw.received_at), raw.body);
}

std::string Values(const PostInSession& found) {
  const PostFacts& facts = found.post.facts;
  const SessionState& session = found.session;
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", found.post.session_id,
                     EventName(facts.event), EventSourceName(facts.event_source), facts.adds,
                     session.posts, fmt::join(session.technicians, "\n"), session.closed,
                     Milliseconds(session.first_post_at), Values(found.post.raw));
}

std::string Values(const SessionState& state) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", state.posts,
                     Milliseconds(state.first_post_at), Milliseconds(state.last_post_at),
                     Milliseconds(state.last_pickup), state.closed, state.tracking0,
                     fmt::join(state.technicians, "\n"), state.held_length,
                     fmt::join(state.held_digest, ","), state.held_tail);
}

std::string Values(const Delivery& delivery) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", delivery.post.value, delivery.session_id,
                     delivery.action, StateName(delivery.state), delivery.attempts,
                     Milliseconds(delivery.created_at), Milliseconds(delivery.next_try),
                     delivery.last_error);
}

Result<void> AddPosts(Store& store, Inventory& inventory) {
  std::vector<PostSummary> posts;
  auto listed = store.ListPosts(0, [&](const PostSummary& post) { posts.push_back(post); });
  if (!listed) return listed;
  for (const PostSummary& post : posts) {
    auto found = store.FindPost(post.id);
    if (!found) return found.error();
    inventory["post " + ToString(post.id)] = *found ? Values(**found) : "listed, but not found";
  }
  std::set<std::string> sessions;
  for (const PostSummary& post : posts) {
    if (!sessions.insert(post.session_id).second) continue;
    auto transcript = store.Transcript(post.session_id, post.id);
    if (!transcript) return transcript.error();
    inventory["transcript " + post.session_id] = *transcript;
    auto state = store.FindSession(post.session_id);
    if (!state) return state.error();
    inventory["session " + post.session_id] = *state ? Values(**state) : "not found";
  }
  return {};
}

Result<void> AddDeliveries(Store& store, Inventory& inventory) {
  auto listed = store.ListDeliveries({}, 0, [&](const Delivery& delivery) {
    inventory["delivery " + ToString(delivery.id)] = Values(delivery);
  });
  if (!listed) return listed;
  auto pauses = store.PausedActions();
  if (!pauses) return pauses.error();
  for (const ActionPause& pause : *pauses) {
    inventory["pause " + pause.action] =
        fmt::format("{}\n{}", pause.reason, Milliseconds(pause.since));
  }
  auto circuits = store.Circuits();
  if (!circuits) return circuits.error();
  for (const Circuit& circuit : *circuits) {
    inventory["circuit " + circuit.action] = fmt::format(
        "{}\n{}\n{}", circuit.failures, Milliseconds(circuit.last_failure), circuit.reason);
  }
  return {};
}

Result<void> AddQuarantined(Store& store, Inventory& inventory) {
  std::vector<QuarantineId> ids;
  auto listed =
      store.ListQuarantined(0, [&](const QuarantinedSummary& item) { ids.push_back(item.id); });
  if (!listed) return listed;
  for (const QuarantineId id : ids) {
    auto found = store.FindQuarantined(id);
    if (!found) return found.error();
    inventory["quarantined " + ToString(id)] =
        *found
            ? fmt::format("{}\n{}\n{}", (*found)->reason, (*found)->headers, Values((*found)->raw))
            : "listed, but not found";
  }
  return {};
}

Result<void> AddDamage(Store& store, Inventory& inventory) {
  return store.FindDamage(DamageScope::Everything, [&](const Damage& damage) {
    inventory[fmt::format("damage {}", inventory.size())] = damage.what;
  });
}

Result<std::string> CheckIntegrity(const std::string& path) {
  auto connection = sql::Connection::Open(path, sql::OpenMode::ReadOnly);
  if (!connection) return connection.error();
  auto query = connection->Query("PRAGMA integrity_check");
  if (!query) return query.error();
  auto row = query->Step();
  if (!row) return row.error();
  return query->Text(0);
}

}  // namespace

Result<Inventory> TakeInventory(Store& store) {
  auto totals = store.Totals();
  if (!totals) return totals.error();
  Inventory inventory{{"store", store.store_id()},
                      {"posts ever", std::to_string(totals->posts_stored)}};
  auto added = AddPosts(store, inventory);
  if (added) added = AddDeliveries(store, inventory);
  if (added) added = AddQuarantined(store, inventory);
  if (added) added = AddDamage(store, inventory);
  if (!added) return added.error();
  return inventory;
}

Result<Inventory> TakeInventory(const std::string& path) {
  auto store = SqliteStore::Open(path, sql::OpenMode::ReadWrite);
  if (!store) return store.error();
  auto inventory = TakeInventory(**store);
  if (!inventory) return inventory;
  auto checked = CheckIntegrity(path);
  if (!checked) return checked.error();
  if (*checked != "ok") (*inventory)["integrity"] = *checked;
  return inventory;
}

Difference Compare(const Inventory& promised, const Inventory& found) {
  Difference difference;
  for (const auto& [name, values] : promised) {
    const auto there = found.find(name);
    if (there != found.end() && there->second == values) continue;
    ++(there == found.end() ? difference.missing : difference.corrupted);
    difference.names += name + "; ";
  }
  for (const auto& [name, values] : found) {
    if (promised.contains(name)) continue;
    // A complaint of a check is about what is there.
    const bool complaint = name.starts_with("integrity") || name.starts_with("damage");
    ++(complaint ? difference.corrupted : difference.spurious);
    difference.names += name + "; ";
  }
  return difference;
}

}  // namespace relay::test
