#include "fault/program/load.h"

#include <fmt/format.h>

#include <stdexcept>

#include "support/fcgi_client.h"
#include "support/http_client.h"

namespace relay::test {
namespace {

constexpr int kPostsOfASession = 5;

}  // namespace

std::string StoredId(const PostReply& reply) {
  const std::string_view prefix = "stored ";
  if (reply.status != 200 || !reply.body.starts_with(prefix)) return "";
  const size_t end = reply.body.find_first_not_of("0123456789", prefix.size());
  return reply.body.substr(prefix.size(), end - prefix.size());
}

Transport OverSocket(std::filesystem::path socket) {
  return [path = std::move(socket)](const std::string& form) -> std::optional<PostReply> {
    FcgiClient client(path);
    // In two pieces, so that the program can be met with half of it.
    const std::string request = FcgiRequest(FcgiPostParams(form), form);
    client.Send(request.substr(0, request.size() / 2));
    client.Send(request.substr(request.size() / 2));
    const auto reply = client.ReadReply(std::chrono::minutes(1));
    if (!reply) return std::nullopt;
    return PostReply{reply->status(), reply->header("Retry-After"), reply->body()};
  };
}

Transport ThroughWebServer(int port) {
  return [port](const std::string& form) -> std::optional<PostReply> {
    const auto response = Fetch(port, Post("/script.fcgi", form));
    if (!response) return std::nullopt;
    return PostReply{response->status, response->headers.Find("Retry-After").value_or(""),
                     response->body};
  };
}

Load::Load(int clients, Transport transport) : transport_(std::move(transport)) {
  for (int i = 1; i <= clients; ++i) {
    clients_.emplace_back([this, i] { Run(i); });
  }
}

Load::~Load() {
  Stop();
}

void Load::Run(int client) {
  for (int n = 0; running(); ++n) {
    SentPost post;
    post.session = fmt::format("{}", client * 1'000'000 + n / kPostsOfASession);
    post.mark = fmt::format("P{}-{}", client, n);
    const std::string form = fmt::format("SessionID={}&Tracking0={}", post.session, post.mark);
    const bool insist = n % 2 == 0;
    do {
      NoteSend();
      post.reply = transport_(form);
      if (!post.reply) ++post.unanswered;
    } while (!post.reply && insist && running());
    if (post.reply) NoteReply(post.reply->status);
    const std::lock_guard lock(mutex_);
    posts_.push_back(std::move(post));
  }
}

bool Load::running() const {
  const std::lock_guard lock(mutex_);
  return !stopping_;
}

void Load::NoteSend() {
  const std::lock_guard lock(mutex_);
  ++sends_;
  changed_.notify_all();
}

void Load::NoteReply(int status) {
  const std::lock_guard lock(mutex_);
  ++replies_;
  ++replies_with_[status];
  changed_.notify_all();
}

void Load::AwaitReplies(size_t more) {
  Await([this] { return replies_; }, more);
}
void Load::AwaitSends(size_t more) {
  Await([this] { return sends_; }, more);
}
void Load::AwaitReplyWith(int status) {
  Await([&] { return replies_with_[status]; }, 1);
}

void Load::Await(const std::function<size_t()>& count, size_t more) {
  std::unique_lock lock(mutex_);
  const size_t goal = count() + more;
  if (!changed_.wait_for(lock, std::chrono::minutes(1), [&] { return count() >= goal; })) {
    throw std::runtime_error("the clients get no reply");
  }
}

std::vector<SentPost> Load::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  clients_.clear();  // joins
  return posts_;
}

}  // namespace relay::test
