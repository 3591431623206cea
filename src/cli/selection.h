// Which deliveries an operator means: IDs, "-" for IDs from standard input, filters, or ALL.
#pragma once

#include <optional>

#include "cli/options.h"
#include "store/store.h"

namespace relay {

enum class Scope {
  Named,  // by their IDs
  Bulk,   // by a filter, or ALL
};

struct Selection {
  DeliveryFilter filter;
  Scope scope = Scope::Named;
};

// Whether ALL stands in the place of IDs.
bool NamesAll(const Options& options);

// IDs as given, or from standard input, each once. Absent, with a message on stderr: one is none.
std::optional<std::vector<std::int64_t>> ReadIds(const Options& options);

// For listings: nothing selects everything.
std::optional<DeliveryFilter> ReadFilter(const Options& options);

// For changes: nothing is a mistake.
std::optional<Selection> ReadSelection(const Options& options);

}  // namespace relay
