// Two services with eight workers each, and a token that expires under all of them at once.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <condition_variable>

#include "e2e/recipes/recipe.h"
#include "support/deadline.h"
#include "support/fcgi_client.h"

namespace relay::test {
namespace {

constexpr int kWorkers = 16;
constexpr int kSessions = 48;
// Of a busy machine; nobody waits so long where all is well.
constexpr std::chrono::seconds kPatience(60);

// Hands out tokens and takes notes; nothing else.
class Crm : public StandIn {
 public:
  bool Expired(const std::string& credentials) const {
    return credentials == "Bearer token-1" && tokens_given() >= 1 && notes().size() >= 1;
  }

 protected:
  std::optional<Answer> TokenReply(const ApiRequest& request) override {
    if (request.path != "/token") return std::nullopt;
    return JsonAnswer(200, {{"access_token", NewToken()}, {"expires_in", 3600}});
  }
  bool Knows(const ApiRequest& request) const override {
    return IsToken(request.header("Authorization").substr(7));
  }
  Answer Stranger() const override { return JsonAnswer(401, json::object()); }
  Answer Limit() const override { return {.status = 503}; }
  bool Writes(const ApiRequest&) const override { return true; }
  Answer Reply(const ApiRequest& request) override {
    Store(request.path, request.Member("/session"), true);
    return JsonAnswer(201, json::object());
  }
};

// Lets nobody on before so many have come.
class Gathering {
 public:
  explicit Gathering(int wanted) : wanted_(wanted) {}
  void Wait() {
    std::unique_lock lock(mutex_);
    ++come_;
    changed_.notify_all();
    changed_.wait_for(lock, kPatience, [this] { return come_ >= wanted_; });
  }
  int come() const {
    const std::lock_guard lock(mutex_);
    return come_;
  }

 private:
  const int wanted_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int come_ = 0;
};

std::string Config(int port) {
  return fmt::format(R"toml(
[delivery]
run_in = "service"
workers = 8

[action.crm]
type = "http"
url = "http://127.0.0.1:{0}/notes"
json = {{ session = "{{{{ .SessionID }}}}" }}
concurrency = {1}
timeout = "300s"
auth = {{ oauth2 = {{ grant = "client_credentials", token_url = "http://127.0.0.1:{0}/token", client_id = "relay", client_secret = "s" }} }}
)toml",
                     port, kWorkers);
}

void Post(const Service& service, int session) {
  const std::string body = "SessionID=" + std::to_string(session);
  FcgiClient client(service.socket());
  client.Send(FcgiRequest(FcgiPostParams(body), body));
  const auto reply = client.ReadReply();
  ASSERT_TRUE(reply && reply->status() == 200);
}

TEST(ExpiredToken, IsRenewedOnceForAllWorkersOfAllProcesses) {
  Crm crm;
  Gathering refused(kWorkers);
  HttpSink sink([&](const SinkRequest& request) {
    if (crm.Expired(request.headers.Find("Authorization").value_or(""))) refused.Wait();
    return crm.Take(request);
  });
  const Installation installation(Config(sink.port()));
  const Service service(installation);
  Post(service, 1);
  ASSERT_EQ(installation.Relay({"deliver", "--once"}).code, 0);
  ASSERT_EQ(crm.tokens_given(), 1);
  crm.ExpireTokens();
  for (int session = 2; session <= kSessions; ++session) Post(service, session);
  const ProcessOptions deliver =
      installation.Command({installation.dir() / "rescue-relay", "deliver"});
  Process first(deliver);
  Process second(deliver);
  EXPECT_TRUE(Deadline(2 * kPatience).Until([&] { return crm.notes().size() >= kSessions; }))
      << first.err() << second.err();
  EXPECT_EQ(first.Stop().code, 0);
  EXPECT_EQ(second.Stop().code, 0);
  EXPECT_EQ(refused.come(), kWorkers);
  EXPECT_EQ(crm.tokens_given(), 2);
  std::set<std::string> sessions;
  for (const Note& note : crm.notes()) sessions.insert(note.text);
  EXPECT_THAT(crm.notes(), testing::SizeIs(kSessions));
  EXPECT_THAT(sessions, testing::SizeIs(kSessions));
  for (const json& row : installation.List({"queue", "list"})) {
    EXPECT_EQ(row["state"], "done") << row.dump();
  }
}

}  // namespace
}  // namespace relay::test
