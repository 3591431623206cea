#include "action/database_action.h"

#include <fmt/format.h>

#include "action/kept_answer.h"
#include "action/mask.h"
#include "action/table_setup.h"
#include "expr/program.h"

namespace relay {
namespace {

void Describe(const SqlStatement& statement, Placeholder placeholder, Preview& preview) {
  preview.text += statement.Text(placeholder) + ";\n";
  int number = 0;
  for (const Json& value : statement.values()) {
    preview.text += fmt::format("  -- {}: {}\n", ++number, ToText(value));
  }
  preview.json["statements"].push_back(
      {{"sql", statement.Text(placeholder)}, {"values", statement.values()}});
}

}  // namespace

DatabaseAction::DatabaseAction(const ActionConfig& config, const DatabaseConfig& database,
                               const Surroundings& surroundings, Program program)
    : config_(config),
      database_(database),
      surroundings_(surroundings),
      program_(std::move(program)),
      link_(MakeDatabaseLink(database.address)) {}

// Nothing that was posted can be a part of it: the connection serves other posts, too.
Result<Login> DatabaseAction::RenderLogin() {
  Rendering rendering(program_, Json::object(), surroundings_.config.secrets);
  Login login;
  for (const auto& [from, to] : {std::pair{&database_.username, &login.username},
                                 std::pair{&database_.password, &login.password}}) {
    if (!*from) continue;
    auto text = rendering.Text(**from, Destination::Argument);
    if (!text) return text.error();
    *to = std::move(*text);
  }
  return login;
}

// Of the configuration; none where there is a table.
Result<std::vector<SqlStatement>> DatabaseAction::RenderStatements(const Work& work) {
  std::vector<SqlStatement> statements;
  const auto* sql = std::get_if<SqlTarget>(&database_.target);
  if (sql == nullptr) return statements;
  Rendering rendering(program_, work.document, surroundings_.config.secrets);
  for (const PlacedTemplate& placed : sql->statements) {
    auto values = rendering.Values(placed);
    if (!values) return values.error();
    const auto& literals = placed.text.literals();
    SqlStatement statement(literals.front());
    for (std::size_t i = 0; i < values->size(); ++i) {
      statement.Bind(std::move((*values)[i]));
      statement.Add(literals[i + 1]);
    }
    statements.push_back(std::move(statement));
  }
  return statements;
}

Result<Preview> DatabaseAction::Describe(const Work& work) {
  if (!link_) return link_.error();
  const auto login = RenderLogin();
  if (!login) return login.error();
  auto statements = RenderStatements(work);
  if (!statements) return statements.error();
  const Placeholder placeholder = (*link_)->placeholder();
  Preview preview{fmt::format("-- {}\nBEGIN;\n", database_.url),
                  {{"url", database_.url}, {"statements", Json::array()}}};
  for (const SqlStatement& statement : *statements) {
    relay::Describe(statement, placeholder, preview);
  }
  if (table() != nullptr) {
    auto changes = RowChanges(table()->name, work.document, work.store_id,
                              (*link_)->dialect().value_or(SqlDialect::SqlServer));
    if (!changes) return changes.error();
    for (const RowChange& change : *changes) {
      if (change.update) relay::Describe(*change.update, placeholder, preview);
      preview.text += change.update ? "-- where no row was changed:\n" : "";
      relay::Describe(change.find, placeholder, preview);
      preview.text += "-- where none was found:\n";
      relay::Describe(change.insert, placeholder, preview);
    }
  }
  preview.text += "COMMIT;\n";
  const Json& secrets = surroundings_.config.secrets;
  preview.text = MaskSecrets(std::move(preview.text), secrets);
  preview.json = Json::parse(MaskSecrets(ToText(preview.json), secrets));
  return preview;
}

Outcome DatabaseAction::Run(const Work& work) {
  if (!link_) return {OutcomeKind::Retry, link_.error().message, {}};
  const auto statements = RenderStatements(work);
  if (!statements) return {OutcomeKind::Dead, statements.error().message, {}};
  const Patience patience(config_.timeout, surroundings_.stop);
  auto failed = Try(work, *statements, patience);
  if (failed && DeservesAnother(*failed, patience)) {
    tables_ready_ = false;
    failed = Try(work, *statements, patience);
  }
  if (!failed) return {OutcomeKind::Done, "", {}, Reach::Answered};
  Outcome outcome = OutcomeOf(failed->failure, failed->place);
  outcome.answer =
      KeptAnswer(std::move(outcome.answer), Keep::Beginning, surroundings_.config.secrets);
  return outcome;
}

// A connection that was kept may have been lost long ago. Rows that are refused may have been
// written by another meanwhile, or their table have been changed.
bool DatabaseAction::DeservesAnother(const Failed& failed, const Patience& patience) const {
  if (patience.over() || failed.stage == Stage::Commit) return false;
  const SqlTrouble trouble = failed.failure.trouble;
  if (trouble == SqlTrouble::Lost) return connection_ == Kept::Yes;
  return trouble == SqlTrouble::Wrong && table() != nullptr;
}

DatabaseAction::Tried DatabaseAction::Connect(const Patience& patience) {
  auto login = RenderLogin();
  if (!login) return Failed{{SqlTrouble::Unable, login.error().message}, "connect"};
  connection_ = Kept::No;
  tables_ready_ = false;
  auto failed = (*link_)->Connect(*login, patience);
  if (!failed) return std::nullopt;
  // The database that is not there now may be made.
  if (failed->trouble == SqlTrouble::Wrong) failed->trouble = SqlTrouble::Unable;
  return Failed{std::move(*failed), "connect"};
}

DatabaseAction::Tried DatabaseAction::Try(const Work& work,
                                          const std::vector<SqlStatement>& statements,
                                          const Patience& patience) {
  DatabaseLink& link = **link_;
  if (link.connected()) {
    connection_ = Kept::Yes;
  } else if (auto failed = Connect(patience)) {
    return failed;
  }
  if (table() != nullptr && !tables_ready_) {
    for (const TableLayout& layout : {SessionLayout(table()->name), PostLayout(table()->name)}) {
      auto failed = SetUpTable(layout, link, patience);
      if (failed) return Failed{std::move(failed->failure), std::move(failed->place)};
    }
    tables_ready_ = true;
  }
  if (auto failed = link.Begin(patience)) return Failed{std::move(*failed), "begin"};
  auto failed = WriteAll(work, statements, patience);
  if (!failed) {
    auto commit = link.Commit(patience);
    if (commit) failed = Failed{std::move(*commit), "commit", Stage::Commit};
  }
  if (failed && link.connected()) link.Rollback(patience);
  return failed;
}

DatabaseAction::Tried DatabaseAction::WriteAll(const Work& work,
                                               const std::vector<SqlStatement>& statements,
                                               const Patience& patience) {
  if (table() != nullptr) return WriteRows(work, patience);
  for (std::size_t i = 0; i < statements.size(); ++i) {
    auto count = (*link_)->Execute(statements[i], patience);
    auto* failed = std::get_if<SqlFailure>(&count);
    if (failed == nullptr) continue;
    const bool alone = statements.size() == 1;
    return Failed{std::move(*failed), alone ? "sql" : fmt::format("sql[{}]", i)};
  }
  return std::nullopt;
}

DatabaseAction::Tried DatabaseAction::WriteRows(const Work& work, const Patience& patience) {
  auto changes = RowChanges(table()->name, work.document, work.store_id,
                            (*link_)->dialect().value_or(SqlDialect::SqlServer));
  if (!changes) return Failed{{SqlTrouble::Wrong, changes.error().message}, "table"};
  for (const RowChange& change : *changes) {
    if (auto failed = WriteRow(table()->name, change, patience)) return failed;
  }
  return std::nullopt;
}

DatabaseAction::Tried DatabaseAction::WriteRow(const std::string& table, const RowChange& change,
                                               const Patience& patience) {
  std::vector<const SqlStatement*> statements{&change.find, &change.insert};
  if (change.update) statements.insert(statements.begin(), &*change.update);
  for (const SqlStatement* statement : statements) {
    auto count = (*link_)->Execute(*statement, patience);
    if (auto* failed = std::get_if<SqlFailure>(&count)) {
      return Failed{std::move(*failed), "table " + table};
    }
    if (std::get<std::int64_t>(count) > 0) break;
  }
  return std::nullopt;
}

}  // namespace relay
