#include "action/session_rows.h"

#include <charconv>

#include "model/variables.h"

namespace relay {
namespace {

struct Cell {
  std::string column;
  Json value;
};
using Cells = std::vector<Cell>;

// A time of the document, "2026-02-16T09:53:44Z", as the dialect takes it.
Json TimeFor(SqlDialect dialect, const Json& time) {
  if (!time.is_string()) return nullptr;
  auto text = time.get<std::string>();
  switch (dialect) {
    case SqlDialect::PostgreSql:
    case SqlDialect::Sqlite:
      break;
    case SqlDialect::MySql:
      text.pop_back();
      text.replace(text.find('T'), 1, " ");
      break;
    case SqlDialect::SqlServer:
      text.pop_back();
      break;
  }
  return text;
}

// A post, and how the database wants to hear of it.
struct Source {
  const Json& document;
  const std::string& store_id;
  SqlDialect dialect;
  std::int64_t post_id = 0;

  Json Time(const Json& time) const { return TimeFor(dialect, time); }
  Json Time(const char* member) const { return Time(document.at(member)); }
};

void AddVariables(const Source& from, Cells& cells) {
  for (const Variable& variable : kVariables) {
    if (variable.name == "SessionID") continue;
    const Json& value = from.document.at(std::string(variable.name));
    if (value.is_null()) continue;
    const bool is_time = variable.type == VariableType::Time;
    cells.push_back({std::string(ColumnOf(variable.name)), is_time ? from.Time(value) : value});
  }
}

void AddSession(const Source& from, Cells& cells) {
  const Json& session = from.document.at("session");
  const Json& event = from.document.at("event");
  cells.push_back({"last_event", event});
  if (event == "closed") {
    const bool told = !from.document.at("ClosingTime").is_null();
    cells.push_back({"closed_at", from.Time(told ? "ClosingTime" : "received_at")});
  } else if (session.at("closed") == false) {
    cells.push_back({"closed_at", nullptr});
  }
  cells.push_back({"technicians", ToText(session.at("technicians"))});
  cells.push_back({"transcript", from.document.at("transcript")});
  cells.push_back({"first_post_at", from.Time(session.at("first_post_at"))});
  cells.push_back({"last_post_at", from.Time("received_at")});
  cells.push_back({"last_post_id", from.post_id});
  cells.push_back({"store_id", from.store_id});
}

// The beginning of the session, as its first row has it.
Json StartedAt(const Source& from) {
  const bool told =
      from.document.at("event") == "started" && !from.document.at("PickupTime").is_null();
  return told ? from.Time("PickupTime")
              : from.Time(from.document.at("session").at("first_post_at"));
}

SqlStatement Insert(const std::string& table, const Cells& cells) {
  std::string columns;
  for (const Cell& cell : cells) columns += (columns.empty() ? "" : ", ") + cell.column;
  SqlStatement insert("INSERT INTO " + table + " (" + columns + ") VALUES (");
  for (const Cell& cell : cells) {
    if (!insert.values().empty()) insert.Add(", ");
    insert.Bind(cell.value);
  }
  insert.Add(")");
  return insert;
}

// Posts of one store are compared by their IDs, which go with their order; others by the time.
SqlStatement UpdateSession(const std::string& table, const Source& from, const Cells& cells) {
  SqlStatement update("UPDATE " + table + " SET ");
  for (const Cell& cell : cells) {
    update.Add((update.values().empty() ? "" : ", ") + cell.column + " = ");
    update.Bind(cell.value);
  }
  update.Add(" WHERE session_id = ");
  update.Bind(from.document.at("SessionID"));
  update.Add(" AND (last_post_id IS NULL OR (store_id = ");
  update.Bind(from.store_id);
  update.Add(" AND last_post_id <= ");
  update.Bind(from.post_id);
  update.Add(") OR (store_id <> ");
  update.Bind(from.store_id);
  update.Add(" AND last_post_at <= ");
  update.Bind(from.Time("received_at"));
  update.Add("))");
  return update;
}

RowChange ChangeSession(const std::string& table, const Source& from) {
  const Json& session_id = from.document.at("SessionID");
  Cells cells;
  AddVariables(from, cells);
  AddSession(from, cells);
  RowChange change;
  change.update = UpdateSession(table, from, cells);
  change.find.Add("SELECT session_id FROM " + table + " WHERE session_id = ");
  change.find.Bind(session_id);
  cells.insert(cells.begin(), {{"session_id", session_id}, {"started_at", StartedAt(from)}});
  change.insert = Insert(table, cells);
  return change;
}

RowChange KeepPost(const std::string& table, const Source& from) {
  RowChange change;
  change.find.Add("SELECT post_id FROM " + table + " WHERE store_id = ");
  change.find.Bind(from.store_id);
  change.find.Add(" AND post_id = ");
  change.find.Bind(from.post_id);
  change.insert = Insert(table, {{"store_id", from.store_id},
                                 {"post_id", from.post_id},
                                 {"session_id", from.document.at("SessionID")},
                                 {"event", from.document.at("event")},
                                 {"event_source", from.document.at("event_source")},
                                 {"received_at", from.Time("received_at")},
                                 {"endpoint", from.document.at("endpoint")},
                                 {"raw", ToText(from.document.at("raw"))}});
  return change;
}

}  // namespace

Result<std::vector<RowChange>> RowChanges(const std::string& table, const Json& document,
                                          const std::string& store_id, SqlDialect dialect) {
  try {
    Source from{document, store_id, dialect};
    const auto& id = document.at("post_id").get_ref<const std::string&>();
    std::from_chars(id.data(), id.data() + id.size(), from.post_id);
    return std::vector{ChangeSession(SessionLayout(table).name, from),
                       KeepPost(PostLayout(table).name, from)};
  } catch (const Json::exception&) {
    return Error{ErrorKind::Permanent, "the post lacks what a row needs"};
  }
}

}  // namespace relay
