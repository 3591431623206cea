#include "action/table_setup.h"

#include <fmt/format.h>

namespace relay {
namespace {

// Finds no row, and fails where a column is not there. Names are qualified, since SQLite takes what
// it does not know for a text otherwise.
SqlResult Probe(const TableLayout& table, const std::vector<Column>& columns, DatabaseLink& link,
                const Patience& patience) {
  std::string list;
  for (const Column& column : columns) list += (list.empty() ? "t." : ", t.") + column.name;
  auto found = link.Execute(
      SqlStatement("SELECT " + list + " FROM " + table.name + " t WHERE 1 = 0"), patience);
  if (auto* failed = std::get_if<SqlFailure>(&found)) return std::move(*failed);
  return std::nullopt;
}

// For a person to mend.
SetupFailure Waits(std::string place, std::string why, std::string words) {
  return {{SqlTrouble::Unable, std::move(why), std::move(words)}, std::move(place)};
}

SetupFailure FindWhatIsMissing(const TableLayout& table, SqlDialect dialect, DatabaseLink& link,
                               SqlFailure create, const Patience& patience) {
  std::vector<const Column*> missing;
  for (const Column& column : table.columns) {
    const auto failed = Probe(table, {column}, link, patience);
    if (failed && failed->trouble != SqlTrouble::Wrong) return {*failed, "table " + table.name};
    if (failed) missing.push_back(&column);
  }
  if (missing.empty() || missing.size() == table.columns.size()) {
    if (create.trouble == SqlTrouble::Wrong) create.trouble = SqlTrouble::Unable;
    return {std::move(create), "create table " + table.name};
  }
  const Column& first = *missing.front();
  return Waits("table " + table.name,
               fmt::format("it has no column {0}; ALTER TABLE {1} ADD {0} {2}", first.name,
                           table.name, TypeName(first.type, dialect)),
               "");
}

}  // namespace

std::optional<SetupFailure> SetUpTable(const TableLayout& table, DatabaseLink& link,
                                       const Patience& patience) {
  const auto dialect = link.dialect();
  if (!dialect) return Waits("table " + table.name, "this database needs sql of its own", "");
  auto failed = Probe(table, table.columns, link, patience);
  if (!failed) return std::nullopt;
  if (failed->trouble != SqlTrouble::Wrong) return SetupFailure{*failed, "table " + table.name};
  auto created = link.Execute(SqlStatement(CreateText(table, *dialect)), patience);
  failed = Probe(table, table.columns, link, patience);
  if (!failed) return std::nullopt;
  auto* not_created = std::get_if<SqlFailure>(&created);
  return FindWhatIsMissing(table, *dialect, link, not_created ? *not_created : *failed, patience);
}

}  // namespace relay
