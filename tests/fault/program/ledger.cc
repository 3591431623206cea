#include "fault/program/ledger.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace relay::test {
namespace {

using std::chrono::minutes;

// Of "/cases/MARK/comments".
std::string MarkOf(const SinkRequest& request) {
  const size_t begin = std::string_view("/cases/").size();
  return request.target.substr(begin, request.target.find('/', begin) - begin);
}

// Where each mark stands in the order stored.
std::map<std::string, size_t> Places(const std::vector<StoredPost>& stored) {
  std::map<std::string, size_t> places;
  for (size_t i = 0; i < stored.size(); ++i) places[stored[i].mark] = i;
  return places;
}

class StoreAuditor {
 public:
  explicit StoreAuditor(const std::vector<StoredPost>& stored) {
    for (const StoredPost& post : stored) ids_[post.mark].push_back(post.id);
  }

  StoreAudit Of(const std::vector<SentPost>& sent) {
    for (const SentPost& post : sent) Weigh(post);
    for (const auto& [mark, ids] : ids_) {
      Wrong(audit_.spurious, mark, "was stored and never sent");
    }
    return audit_;
  }

 private:
  void Weigh(const SentPost& post) {
    const auto found = ids_.extract(post.mark);
    const auto& ids = found ? found.mapped() : std::vector<std::string>();
    if (ids.size() > 1) Wrong(audit_.spurious, post.mark, "was stored more than once");
    if (!post.reply) {
      ++(ids.empty() ? audit_.in_doubt_lost : audit_.in_doubt_kept);
    } else if (post.reply->status == 200) {
      ++audit_.acknowledged;
      const bool kept = std::find(ids.begin(), ids.end(), StoredId(*post.reply)) != ids.end();
      if (!kept) Wrong(audit_.missing, post.mark, "is not stored as " + post.reply->body);
    } else if (!ids.empty() && post.unanswered == 0) {
      Wrong(audit_.spurious, post.mark, fmt::format("was answered {}", post.reply->status));
    }
  }

  void Wrong(size_t& counter, const std::string& mark, const std::string& what) {
    if (++counter <= 3) audit_.examples += mark + " " + what + "\n";
  }

  std::map<std::string, std::vector<std::string>> ids_;  // what no post has accounted for yet
  StoreAudit audit_;
};

}  // namespace

// Claims of a dead process count against `concurrency` until their leases end, which are as long as
// the time-out and a margin: short, but long enough for a sink that is starved. Few expressions,
// because every process compiles them.
std::string MarkAction(int sink_port) {
  return fmt::format(R"toml(
[action.crm]
type = "http"
url = "http://127.0.0.1:{}/cases/{{{{ .Tracking0 }}}}/comments"
text = "a comment"
concurrency = 1000
timeout = "10s"
retry = {{ first = "1s", max = "1s", give_up = "3d" }}
)toml",
                     sink_port);
}

std::vector<StoredPost> ReadStore(const Installation& installation) {
  std::vector<std::string> show = {"post", "show"};
  for (const auto& row : installation.List({"post", "list", "--limit", "0"})) {
    show.push_back(row["post_id"].get<std::string>());
  }
  if (show.size() == 2) return {};
  std::reverse(show.begin() + 2, show.end());
  std::vector<StoredPost> posts;
  for (const auto& row : installation.List(show)) {
    const auto& mark = row["Tracking0"];
    posts.push_back({row["post_id"].get<std::string>(), row["SessionID"].get<std::string>(),
                     mark.is_string() ? mark.get<std::string>() : ""});
  }
  return posts;
}

StoreAudit Audit(const std::vector<SentPost>& sent, const std::vector<StoredPost>& stored) {
  return StoreAuditor(stored).Of(sent);
}

void ExpectNothingMissingOrSpurious(const StoreAudit& audit) {
  EXPECT_EQ(audit.missing, 0U) << audit.examples;
  EXPECT_EQ(audit.spurious, 0U) << audit.examples;
}

void ExpectIntact(const Installation& installation) {
  const Finished checked =
      RunToEnd(installation.Command({"sqlite3", installation.store(), "PRAGMA integrity_check"}));
  EXPECT_EQ(checked.out, "ok\n") << checked.err;
}

void AwaitDelivered(const Installation& installation, const HttpSink& sink) {
  // Asking the store takes a process each time; the sink can be waited for.
  sink.WaitForRequests(installation.List({"post", "list", "--limit", "0"}).size(), minutes(2));
  EXPECT_TRUE(Deadline(minutes(1)).Until([&] {
    return installation.List({"queue", "list", "--state", "due", "--limit", "1"}).empty() &&
           installation.List({"queue", "list", "--state", "claimed", "--limit", "1"}).empty();
  }));
}

size_t ExpectAllDelivered(const std::vector<SinkRequest>& requests,
                          const std::vector<StoredPost>& stored) {
  const auto places = Places(stored);
  std::map<std::string, std::string> keys;        // of each mark
  std::map<std::string, size_t> last_of_session;  // the place of what was delivered last
  for (const SinkRequest& request : requests) {
    const std::string mark = MarkOf(request);
    const std::string key = request.headers.Find("Idempotency-Key").value_or("");
    const auto [known, first] = keys.emplace(mark, key);
    EXPECT_EQ(known->second, key) << mark;
    // The sink may see a try that was cut off after the one that took its place.
    if (!first) continue;
    const auto place = places.find(mark);
    if (place == places.end()) {
      ADD_FAILURE() << mark << " was delivered and is not stored";
      continue;
    }
    size_t& last = last_of_session[stored[place->second].session];
    EXPECT_GE(place->second, last) << mark << " was delivered after " << stored[last].mark;
    last = place->second;
  }
  std::set<std::string> distinct;
  for (const auto& [mark, key] : keys) distinct.insert(key);
  EXPECT_EQ(distinct.size(), keys.size()) << "two deliveries have one key";
  EXPECT_EQ(keys.size(), stored.size()) << "posts were not delivered";
  return requests.size() - keys.size();
}

}  // namespace relay::test
