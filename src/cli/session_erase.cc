// session erase.
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/workplace.h"
#include "decode/decode.h"

namespace relay {
namespace {

// Quarantined posts that belong to a session, and those that only look as if they might.
struct InQuarantine {
  std::vector<QuarantineId> of_session;
  std::vector<QuarantineId> suspect;
};

bool HoldsWord(std::string_view text, std::string_view word) {
  const auto letter = [&](std::size_t i) {
    return i < text.size() && std::isalnum(static_cast<unsigned char>(text[i])) != 0;
  };
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string_view::npos; ++at) {
    if ((at == 0 || !letter(at - 1)) && !letter(at + word.size())) return true;
  }
  return false;
}

Result<InQuarantine> LookInQuarantine(Store& store, const std::string& session_id) {
  std::vector<QuarantineId> all;
  auto listed =
      store.ListQuarantined(0, [&](const QuarantinedSummary& item) { all.push_back(item.id); });
  if (!listed) return listed.error();
  InQuarantine found;
  for (const QuarantineId id : all) {
    const auto item = store.FindQuarantined(id);
    if (!item) return item.error();
    if (!*item) continue;  // gone meanwhile
    const RawPost& raw = (*item)->raw;
    const auto fields = Decode(raw);
    const std::string* posted = fields ? fields->Find("SessionID") : nullptr;
    if (posted != nullptr && Trim(*posted) == session_id) {
      found.of_session.push_back(id);
    } else if (HoldsWord(raw.body, session_id) || HoldsWord(raw.query, session_id)) {
      found.suspect.push_back(id);
    }
  }
  return found;
}

std::string NameOfUser() {
  const passwd* user = getpwuid(getuid());  // NOLINT(concurrency-mt-unsafe): one thread
  std::string name = user != nullptr ? user->pw_name : std::to_string(getuid());
  const char* sudo = std::getenv("SUDO_USER");  // NOLINT(concurrency-mt-unsafe)
  if (sudo != nullptr && *sudo != '\0') name += std::string(" (sudo by ") + sudo + ")";
  return name;
}

Json RowOf(const std::string& session_id, const Erasure& erasure) {
  return {{"session_id", session_id},
          {"posts", erasure.posts},
          {"deliveries", erasure.deliveries},
          {"quarantined", erasure.quarantined},
          {"erased_at", FormatTime(erasure.erased_at)},
          {"by", erasure.by}};
}

Result<Erasure> Erase(Store& store, const std::string& session_id) {
  const auto in_quarantine = LookInQuarantine(store, session_id);
  if (!in_quarantine) return in_quarantine.error();
  auto erased =
      store.EraseSession(session_id, in_quarantine->of_session, NameOfUser(), SystemClock().Now());
  if (!erased) return erased.error();
  for (const QuarantineId id : in_quarantine->suspect) {
    fmt::print(stderr,
               "quarantined {} may be of this session, too: see `rescue-relay quarantine show {}`,"
               " and drop it if so\n",
               ToString(id), ToString(id));
  }
  if (!erased->overwritten) {
    fmt::print(stderr,
               "copies are left in the store's log, which is in use; they go as it is written on, "
               "or when all programs that use the store have ended\n");
  }
  return std::move(erased->erasure);
}

}  // namespace

int EraseSessions(const Options& options) {
  int status = kExitDone;
  auto place = OpenWorkplace(options, sql::OpenMode::ReadWrite, status);
  if (!place) return status;
  Listing listing(options, {"session_id", "posts", "deliveries", "quarantined", "erased_at", "by"});
  for (const std::string& session_id : options.ids) {
    const auto erasure = Erase(*place->store, session_id);
    if (erasure) {
      listing.Add(RowOf(session_id, *erasure));
    } else {
      status = Fail("session " + session_id + ": " + erasure.error().message);
    }
  }
  listing.Finish();
  return status;
}

}  // namespace relay
