#include <fmt/format.h>

#include <random>

#include "action/http_client.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/made_up_post.h"
#include "cli/workplace.h"
#include "decode/encode_form.h"
#include "session/document.h"

namespace relay {
namespace {

constexpr Duration kTimeout = std::chrono::seconds(30);

HttpRequest MakeRequest(const Options& options, const MadeUpPost& post) {
  HttpRequest request;
  const bool xml = options.format == "xml";
  request.method = "POST";
  request.url = options.url;
  request.timeout = kTimeout;
  request.body = xml ? EncodeXml(post.fields) : EncodeForm(post.fields);
  request.headers = {{"Content-Type", xml ? "text/xml" : "application/x-www-form-urlencoded"}};
  if (options.user) {
    const auto colon = options.user->find(':');
    request.basic = {options.user->substr(0, colon),
                     colon == std::string::npos ? "" : options.user->substr(colon + 1)};
  }
  return request;
}

std::int64_t RandomSession() {
  std::random_device seed;
  return std::uniform_int_distribution<std::int64_t>(900'000'000, 999'999'999)(seed);
}

// The reply's status, 0 where there was none.
int SendOne(const Options& options, HttpClient& client, const std::string& session,
            const MadeUpPost& post, Listing& listing) {
  const auto sent = client.Send(MakeRequest(options, post));
  const auto* answer = std::get_if<HttpAnswer>(&sent);
  std::string reply = answer != nullptr ? answer->body : std::get<SendError>(sent).reason;
  while (reply.ends_with('\n')) reply.pop_back();
  const int status = answer != nullptr ? answer->status : 0;
  listing.Add({{"session_id", session},
               {"event", EventName(post.event)},
               {"status", status},
               {"reply", reply}});
  return status;
}

}  // namespace

int Send(const Options& options) {
  InitHttpClients();
  const std::atomic<bool> never{false};
  HttpClient client(never);
  Listing listing(options, {"session_id", "event", "status", "reply"});
  const std::int64_t first = RandomSession();
  bool all_stored = true;
  for (int i = 0; i < options.repeat; ++i) {
    const std::string session = options.session.value_or(std::to_string(first + i));
    for (const MadeUpPost& post : MakeUpSession(session, options.tracking)) {
      if (options.event && *options.event != EventName(post.event)) continue;
      all_stored = SendOne(options, client, session, post, listing) == 200 && all_stored;
    }
  }
  listing.Finish();
  return all_stored ? kExitDone : Fail("not every post was stored");
}

}  // namespace relay
