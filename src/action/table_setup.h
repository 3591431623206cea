// Makes the tables of sessions where they are missing, and finds out which column one lacks.
#pragma once

#include <string>

#include "action/database_link.h"
#include "action/table_layout.h"

namespace relay {

struct SetupFailure {
  SqlFailure failure;
  std::string place;
};

// Outside of transactions. Several may do so at one time. What a person has to mend, such as a
// column that is missing, is Unable, so that deliveries wait for it.
std::optional<SetupFailure> SetUpTable(const TableLayout& table, DatabaseLink& link,
                                       const Patience& patience);

}  // namespace relay
