#include "intake/intake.h"

#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "base/trace.h"
#include "intake/cross_origin.h"
#include "intake/new_post.h"
#include "intake/test_post.h"

namespace relay {
namespace {

// The quarantine keeps what helps to understand the bytes, and no credentials.
std::string HeadersToKeep(const Request& request) {
  std::string text;
  for (const auto& [name, value] : request.headers) {
    const std::string lower = ToLower(name);
    if (lower.find("authorization") != std::string::npos || lower == "cookie") continue;
    text += name + ": " + value + "\n";
  }
  return text;
}

std::string NamedTrace(const Request& request) {
  const std::string* traceparent = FindHeader(request, "traceparent");
  return traceparent == nullptr ? "" : TraceIdIn(*traceparent);
}

RawPost ToRawPost(Request& request, bool trust_remote_user, Time now) {
  RawPost raw;
  raw.endpoint = request.endpoint;
  raw.content_type = request.content_type;
  raw.query = request.query;
  raw.remote_addr = request.remote_addr;
  if (trust_remote_user) raw.remote_user = request.remote_user;
  if (request.access == Access::Granted) raw.remote_user = request.verified_user;
  raw.received_at = now;
  raw.body = std::move(request.body);
  raw.trace_id = NamedTrace(request);
  return raw;
}

void LogStored(const Accepted& stored, const RawPost& raw, const std::string& store_id,
               LogBatch& log) {
  log.Add(Log::Level::Info, stored.repeat ? "post repeated" : "post stored",
          {{"post_id", ToString(stored.id)},
           {"bytes", raw.body.size()},
           {"deliveries", stored.deliveries},
           {"trace_id", TraceIdOf(stored.trace_id, store_id, stored.id)}});
}

}  // namespace

// The requests of one call, sorted by what is to be done with them.
struct Intake::Batch {
  explicit Batch(const Log& to) : log(to) {}

  const std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
  LogBatch log;  // written once all is stored
  std::vector<Reply> replies;
  std::vector<NewPost> posts;
  std::vector<std::size_t> post_indexes;  // whose reply each post's is
  std::vector<std::string> post_headers;
  std::vector<NewQuarantined> quarantined;
  std::vector<std::size_t> quarantined_indexes;
  std::vector<Reply> quarantined_replies;

  void AddQuarantined(NewQuarantined item, std::size_t index, Reply reply) {
    quarantined.push_back(std::move(item));
    quarantined_indexes.push_back(index);
    quarantined_replies.push_back(std::move(reply));
  }
};

Intake::Intake(std::shared_ptr<const Config> config, Store& store, const Clock& clock,
               const Log& log, Measurements& measurements, std::function<void()> on_queued)
    : config_(config),
      store_(store),
      clock_(clock),
      log_(log),
      measurements_(measurements),
      outage_(log),
      on_queued_(std::move(on_queued)),
      planner_(std::move(config)) {}

std::vector<Reply> Intake::Handle(std::span<Request> requests) {
  std::vector<Reply> replies = Answer(requests);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    AllowOrigin(requests[i], config_->intake.allow_origins, replies[i]);
  }
  return replies;
}

std::vector<Reply> Intake::Answer(std::span<Request> requests) {
  const Time now = clock_.Now();
  Batch batch(log_);
  batch.replies.resize(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) Sort(requests[i], i, now, batch);
  StoreAll(batch, now);
  std::map<int, std::int64_t> by_status;
  for (const Reply& reply : batch.replies) ++by_status[reply.status];
  for (const auto& [status, count] : by_status) {
    measurements_.Add(kRequests, "", std::to_string(status), count);
  }
  return std::move(batch.replies);
}

void Intake::StoreAll(Batch& batch, Time now) {
  if (batch.posts.empty() && batch.quarantined.empty()) return;
  if (HasSpace()) {
    StorePosts(batch);
    StoreQuarantined(batch, now);
  } else {
    const Error full{ErrorKind::Temporary, "free space is below [store] min_free"};
    for (const std::size_t i : batch.post_indexes) batch.replies[i] = outage_.Refuse(full);
    for (const std::size_t i : batch.quarantined_indexes) batch.replies[i] = outage_.Refuse(full);
  }
}

void Intake::Sort(Request& request, std::size_t index, Time now, Batch& batch) {
  try {
    if (auto refusal = Refusal(request, config_->intake)) {
      if (refusal->status >= 400 && refusal->status != 405) {
        batch.log.Add(Log::Level::Warning, "request refused",
                      {{"status", refusal->status},
                       {"reason", refusal->text},
                       {"remote_addr", request.remote_addr},
                       {"trace_id", NamedTrace(request)}});
      }
      batch.replies[index] = std::move(*refusal);
    } else if (auto answer = AnswerTestPost(request)) {
      batch.replies[index] = std::move(*answer);
    } else {
      SortPost(request, index, now, batch);
    }
  } catch (const std::exception& error) {
    log_.Error(fmt::format("read a request: {}", error.what()));
    batch.replies[index] = outage_.Refuse({ErrorKind::Temporary, "internal error"});
  }
}

void Intake::SortPost(Request& request, std::size_t index, Time now, Batch& batch) {
  const std::string headers = HeadersToKeep(request);
  RawPost raw = ToRawPost(request, config_->intake.trust_remote_user, now);
  auto made = MakeNewPost(raw, planner_);
  if (auto* post = std::get_if<NewPost>(&made)) {
    batch.posts.push_back(std::move(*post));
    batch.post_indexes.push_back(index);
    batch.post_headers.push_back(headers);
    return;
  }
  const auto& [kind, reason] = std::get<Unreadable>(made);
  const Reply reply = kind == Unreadable::Kind::HasNoSession
                          ? Reply{422, {}, "the post has no SessionID; it was quarantined"}
                          : Reply{400, {}, reason + "; it was quarantined"};
  batch.AddQuarantined({std::move(raw), headers, reason}, index, reply);
}

void Intake::StorePosts(Batch& batch) {
  if (batch.posts.empty()) return;
  const auto results = store_.Accept(batch.posts);
  const auto took = std::chrono::steady_clock::now() - batch.began;
  std::int64_t stored = 0;
  bool queued = false;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::size_t index = batch.post_indexes[i];
    if (results[i]) {
      batch.replies[index] = {200, {}, "stored " + ToString(results[i]->id)};
      ++stored;
      if (config_->watch.log_posts) {
        LogStored(*results[i], batch.posts[i].raw, store_.store_id(), batch.log);
      }
      outage_.End();
      queued = queued || results[i]->deliveries > 0;
    } else if (results[i].error().kind == ErrorKind::Temporary) {
      batch.replies[index] = outage_.Refuse(results[i].error());
    } else {
      // Nobody sends it again, so what cannot be stored as a post is kept as what it is.
      batch.AddQuarantined({std::move(batch.posts[i].raw), batch.post_headers[i],
                            "it could not be stored as a post: " + results[i].error().message},
                           index,
                           {500, {}, "the post could not be stored as one; it was quarantined"});
    }
  }
  if (stored > 0) {
    measurements_.Add(kAcceptTime, "", std::chrono::duration_cast<std::chrono::microseconds>(took),
                      stored);
    measurements_.Add(kSyncTime, "", store_.LastSync());
  }
  if (queued && on_queued_) on_queued_();
}

void Intake::StoreQuarantined(Batch& batch, Time now) {
  if (batch.quarantined.empty()) return;
  const auto results = store_.Quarantine(batch.quarantined, now);
  for (std::size_t i = 0; i < results.size(); ++i) {
    Reply& reply = batch.replies[batch.quarantined_indexes[i]];
    if (!results[i]) {
      reply = outage_.Refuse(results[i].error());
      continue;
    }
    reply = batch.quarantined_replies[i];
    const NewQuarantined& item = batch.quarantined[i];
    batch.log.Add(Log::Level::Warning, "post quarantined",
                  {{"quarantine_id", ToString(*results[i])},
                   {"status", reply.status},
                   {"bytes", item.raw.body.size()},
                   {"reason", item.reason},
                   {"remote_addr", item.raw.remote_addr},
                   {"trace_id", item.raw.trace_id}});
  }
}

bool Intake::HasSpace() {
  const auto free = store_.FreeBytes();
  // Where it cannot be asked for, the commit itself will tell.
  return !free || *free >= config_->store.min_free;
}

}  // namespace relay
