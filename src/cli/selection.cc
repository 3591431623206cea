#include "cli/selection.h"

#include <iostream>
#include <string>
#include <unordered_set>

#include "cli/workplace.h"

namespace relay {

bool NamesAll(const Options& options) {
  return options.ids.size() == 1 && options.ids[0] == "ALL";
}

std::optional<std::vector<std::int64_t>> ReadIds(const Options& options) {
  std::vector<std::string> texts;
  for (const std::string& text : options.ids) {
    if (text != "-") {
      texts.push_back(text);
      continue;
    }
    for (std::string word; std::cin >> word;) texts.push_back(word);
  }
  std::vector<std::int64_t> ids;
  std::unordered_set<std::int64_t> known;
  for (const std::string& text : texts) {
    const auto id = ParseId(text);
    if (!id) {
      static_cast<void>(Fail("\"" + text + "\" is no ID"));
      return std::nullopt;
    }
    if (known.insert(*id).second) ids.push_back(*id);
  }
  return ids;
}

std::optional<DeliveryFilter> ReadFilter(const Options& options) {
  DeliveryFilter filter;
  filter.action = options.action;
  filter.session_id = options.session;
  if (options.state) {
    filter.state = ParseState(*options.state);
    if (!filter.state) {
      static_cast<void>(Fail("the states are due, claimed, done, dead and held"));
      return std::nullopt;
    }
  }
  if (NamesAll(options)) return filter;
  const auto ids = ReadIds(options);
  if (!ids) return std::nullopt;
  // An empty list must not select what the other options leave open.
  if (ids->empty() && !options.ids.empty()) {
    static_cast<void>(Fail("there are no IDs on standard input"));
    return std::nullopt;
  }
  for (const std::int64_t id : *ids) filter.ids.push_back(DeliveryId{id});
  return filter;
}

std::optional<Selection> ReadSelection(const Options& options) {
  auto filter = ReadFilter(options);
  if (!filter) return std::nullopt;
  const bool narrowed = filter->action || filter->session_id || filter->state;
  if (filter->ids.empty() && !narrowed && !NamesAll(options)) {
    static_cast<void>(
        Fail("say which: IDs, - to read IDs from standard input, --action, --session, --state, or "
             "ALL"));
    return std::nullopt;
  }
  const Scope scope = filter->ids.empty() ? Scope::Bulk : Scope::Named;
  return Selection{std::move(*filter), scope};
}

}  // namespace relay
