// Clients that post without pause, each one post at a time, and what became of every post.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace relay::test {

struct PostReply {
  int status = 0;
  std::string retry_after = {};  // empty without that header
  std::string body = {};
};

// The post ID of "stored ID" in a 200; empty for any other reply.
std::string StoredId(const PostReply& reply);

// Sends a form and waits for the reply; nothing where the connection ended without one. Called by
// several threads at once.
using Transport = std::function<std::optional<PostReply>(const std::string& form)>;
Transport OverSocket(std::filesystem::path socket);  // a connection for each, as nginx does it
Transport ThroughWebServer(int port);

struct SentPost {
  std::string session;
  std::string mark;                // its Tracking0; no other post has the same
  int unanswered = 0;              // how often no reply came
  std::optional<PostReply> reply;  // the one that came, if any
};

// Every session belongs to one client and gets five posts, one after the other. Half of the posts
// are sent again where no reply came, until one does, as a sender does that wants to know; the
// others are left in doubt.
class Load {
 public:
  Load(int clients, Transport transport);
  ~Load();  // stops

  // Returns once so many more posts have been answered, or sent. Throws when that takes longer
  // than a minute.
  void AwaitReplies(size_t more);
  void AwaitSends(size_t more);
  // ... once one more has been answered with this status.
  void AwaitReplyWith(int status);

  // Every client ends with the post it is at. All that were sent.
  std::vector<SentPost> Stop();

 private:
  void Run(int client);
  bool running() const;
  void NoteSend();
  void NoteReply(int status);
  void Await(const std::function<size_t()>& count, size_t more);

  const Transport transport_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  size_t sends_ = 0;
  size_t replies_ = 0;
  std::map<int, size_t> replies_with_;
  std::vector<SentPost> posts_;
  std::vector<std::jthread> clients_;
};

}  // namespace relay::test
