// How everything stands, in numbers.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/workplace.h"
#include "watch/survey.h"

namespace relay {

int Metrics(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadOnly, status);
  if (!place) return status;
  const auto families = Survey(*place->config, *place->store, SystemClock().Now());
  if (!families) return Fail(families.error().message);
  if (options.json) {
    for (const Json& row : ExposeJson(*families)) fmt::print("{}\n", ToText(row));
  } else {
    fmt::print("{}", Expose(*families));
  }
  return kExitDone;
}

}  // namespace relay
