// One action of type "database": statements of the operator, or the rows of a session, in one
// transaction.
//
// It keeps one connection between tries. What it commits may be committed again where the answer to
// the commit is lost; rows of a table stay the same then.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "action/database_link.h"
#include "action/rendering.h"
#include "action/session_rows.h"

namespace relay {

class DatabaseAction : public Action {
 public:
  DatabaseAction(const ActionConfig& config, const DatabaseConfig& database,
                 const Surroundings& surroundings, Program program);

  // Connects to nothing. What ODBC leads to is not known then; it is taken for SQL Server.
  Result<Preview> Describe(const Work& work) override;
  Outcome Run(const Work& work) override;

 private:
  // What has to be done again as a whole ends before its commit.
  enum class Stage { BeforeCommit, Commit };
  struct Failed {
    SqlFailure failure;
    std::string place;
    Stage stage = Stage::BeforeCommit;
  };
  using Tried = std::optional<Failed>;

  Result<Login> RenderLogin();
  Result<std::vector<SqlStatement>> RenderStatements(const Work& work);
  Tried Try(const Work& work, const std::vector<SqlStatement>& statements,
            const Patience& patience);
  Tried Connect(const Patience& patience);
  Tried WriteAll(const Work& work, const std::vector<SqlStatement>& statements,
                 const Patience& patience);
  Tried WriteRows(const Work& work, const Patience& patience);
  Tried WriteRow(const std::string& table, const RowChange& change, const Patience& patience);
  bool DeservesAnother(const Failed& failed, const Patience& patience) const;
  const TableTarget* table() const { return std::get_if<TableTarget>(&database_.target); }

  const ActionConfig& config_;
  const DatabaseConfig& database_;
  const Surroundings surroundings_;
  Program program_;
  Result<std::unique_ptr<DatabaseLink>> link_;
  enum class Kept { No, Yes };
  Kept connection_ = Kept::No;  // from an earlier try
  bool tables_ready_ = false;
};

}  // namespace relay
