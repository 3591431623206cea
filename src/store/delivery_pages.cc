#include "store/delivery_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "store/sqlite_rows.h"

namespace relay {
namespace {

constexpr DeliveryState kAllStates[] = {DeliveryState::Due, DeliveryState::Claimed,
                                        DeliveryState::Done, DeliveryState::Dead,
                                        DeliveryState::Held};

const char* Condition(DeliveryPath path) {
  switch (path) {
    case DeliveryPath::All:
      return "";
    case DeliveryPath::OfSession:
      return " AND session_id = ?3";
    case DeliveryPath::OfActionInState:
      return " AND action = ?3 AND state = ?4";
  }
  return "";
}

}  // namespace

std::string DeliveryPageQuery(DeliveryPath path, DeliveryOrder order) {
  const bool newest = order == DeliveryOrder::NewestFirst;
  return fmt::format("SELECT {} FROM delivery WHERE id {} ?1{} ORDER BY id {} LIMIT ?2",
                     kDeliveryColumns, newest ? "<" : ">", Condition(path),
                     newest ? "DESC" : "ASC");
}

DeliveryPages::DeliveryPages(sql::Connection& connection, DeliveryFilter filter,
                             std::vector<DeliveryState> states, DeliveryOrder order)
    : connection_(connection),
      filter_(std::move(filter)),
      states_(std::move(states)),
      order_(order) {
  auto& ids = filter_.ids;
  std::sort(ids.begin(), ids.end(),
            [this](DeliveryId a, DeliveryId b) { return Before(a.value, b.value); });
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

Result<std::vector<Delivery>> DeliveryPages::Next(std::size_t most) {
  if (!filter_.ids.empty()) return NextNamed(most);
  if (!open_) {
    auto opened = Open();
    if (!opened) return opened.error();
    open_ = true;
  }
  return NextMerged(most);
}

Result<void> DeliveryPages::Open() {
  if (filter_.session_id) {
    sources_.push_back({DeliveryPath::OfSession, {}});
    return {};
  }
  if (!filter_.action && !filter_.state && states_.empty()) {
    sources_.push_back({DeliveryPath::All, {}});
    return {};
  }
  auto actions = filter_.action ? std::vector{*filter_.action} : Actions();
  if (!actions) return actions.error();
  for (const std::string& action : *actions) {
    for (const DeliveryState state : kAllStates) {
      const bool wanted = states_.empty() || std::ranges::find(states_, state) != states_.end();
      if (!wanted || (filter_.state && *filter_.state != state)) continue;
      sources_.push_back({DeliveryPath::OfActionInState, action, state});
    }
  }
  return {};
}

// One look into the index for each, however many deliveries there are.
Result<std::vector<std::string>> DeliveryPages::Actions() {
  std::vector<std::string> actions;
  for (;;) {
    auto query = connection_.Query("SELECT min(action) FROM delivery WHERE action > ?",
                                   actions.empty() ? std::string() : actions.back());
    if (!query) return query.error();
    auto row = query->Step();
    if (!row) return row.error();
    if (!*row || query->IsNull(0)) return actions;
    actions.push_back(query->Text(0));
  }
}

Result<sql::Statement> DeliveryPages::Query(const Source& source, std::size_t most) {
  using Limits = std::numeric_limits<std::int64_t>;
  const std::string text = DeliveryPageQuery(source.path, order_);
  const std::int64_t start = order_ == DeliveryOrder::NewestFirst ? Limits::max() : Limits::min();
  const std::int64_t last = source.last.value_or(start);
  const auto limit = static_cast<std::int64_t>(most);
  switch (source.path) {
    case DeliveryPath::All:
      return connection_.Query(text, last, limit);
    case DeliveryPath::OfSession:
      return connection_.Query(text, last, limit, *filter_.session_id);
    case DeliveryPath::OfActionInState:
      return connection_.Query(text, last, limit, source.action, StateName(source.state));
  }
  return connection_.Query(text, last, limit);
}

Result<void> DeliveryPages::Fill(Source& source, std::size_t most) {
  while (source.rows.empty() && !source.at_end) {
    std::size_t read = 0;
    auto done = ForEach(Query(source, most), [&](const sql::Statement& row) {
      ++read;
      Delivery delivery = DeliveryFromRow(row);
      source.last = delivery.id.value;
      if (Selects(delivery)) source.rows.push_back(std::move(delivery));
    });
    if (!done) return done.error();
    source.at_end = read < most;
  }
  return {};
}

Result<std::vector<Delivery>> DeliveryPages::NextMerged(std::size_t most) {
  std::vector<Delivery> page;
  while (page.size() < most) {
    Source* first = nullptr;
    for (Source& source : sources_) {
      auto filled = Fill(source, most);
      if (!filled) return filled.error();
      if (source.rows.empty()) continue;
      const bool leads =
          first == nullptr || Before(source.rows.front().id.value, first->rows.front().id.value);
      if (leads) first = &source;
    }
    if (first == nullptr) break;
    page.push_back(std::move(first->rows.front()));
    first->rows.pop_front();
  }
  return page;
}

Result<std::vector<Delivery>> DeliveryPages::NextNamed(std::size_t most) {
  static const std::string text =
      fmt::format("SELECT {} FROM delivery WHERE id = ?", kDeliveryColumns);
  std::vector<Delivery> page;
  while (page.size() < most && next_id_ < filter_.ids.size()) {
    auto read = ForEach(connection_.Query(text, filter_.ids[next_id_++].value),
                        [&](const sql::Statement& row) {
                          Delivery delivery = DeliveryFromRow(row);
                          if (Selects(delivery)) page.push_back(std::move(delivery));
                        });
    if (!read) return read.error();
  }
  return page;
}

bool DeliveryPages::Selects(const Delivery& delivery) const {
  if (filter_.action && delivery.action != *filter_.action) return false;
  if (filter_.session_id && delivery.session_id != *filter_.session_id) return false;
  if (filter_.state && delivery.state != *filter_.state) return false;
  return states_.empty() || std::ranges::find(states_, delivery.state) != states_.end();
}

bool DeliveryPages::Before(std::int64_t a, std::int64_t b) const {
  return order_ == DeliveryOrder::NewestFirst ? a > b : a < b;
}

}  // namespace relay
