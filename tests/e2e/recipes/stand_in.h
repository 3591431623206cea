// A CRM's API as far as a recipe uses it: it keeps cases and notes, checks what a real one would
// check, and answers as the vendor does. Every public member may be called from any thread.
#pragma once

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/http_sink.h"

namespace relay::test {

using nlohmann::json;

// What a session left in the CRM, as people read it there.
struct Note {
  std::string id;
  std::string on;  // the case
  std::string text;
  bool internal = true;
};

// A request, decoded.
struct ApiRequest {
  std::string method;
  std::string path;
  std::map<std::string, std::string> query;
  Headers headers;
  std::string text;  // the body as it came
  json body;         // null where it is no JSON

  std::string header(const std::string& name) const { return headers.Find(name).value_or(""); }
  bool Is(const std::string& wanted_method, const std::string& wanted_path) const {
    return method == wanted_method && path == wanted_path;
  }
  // The rest of the path behind `prefix`, where it begins with that.
  std::optional<std::string> After(const std::string& prefix) const;
  // A string in the body; empty where there is none.
  std::string Member(const std::string& pointer) const;
};

// What goes wrong once.
enum class Mishap {
  AnswerLost,  // the next note is stored, and the connection breaks before the answer
  Limit,       // the next request is one too many
  Disguise,    // the next note is refused with a status that means success elsewhere
  Hiccup,      // the next note is refused for now, in words that only this vendor uses
};

class StandIn {
 public:
  virtual ~StandIn() = default;

  Answer Take(const SinkRequest& request);

  void Arrange(Mishap mishap);
  // From now on no password, key or client secret is right; and back.
  void RefuseCredentials();
  void AcceptCredentials();
  void ExpireTokens();

  std::vector<Note> notes() const;
  int tokens_given() const;
  // What a real one would have refused in silence, or not at all, and should not be sent.
  std::vector<std::string> complaints() const;

 protected:
  // Called one at a time.
  virtual std::optional<Answer> TokenReply(const ApiRequest&) { return std::nullopt; }
  virtual bool Knows(const ApiRequest& request) const = 0;
  virtual Answer Stranger() const = 0;  // to whom it does not know
  virtual Answer Limit() const = 0;
  virtual bool Writes(const ApiRequest& request) const = 0;
  virtual Answer Disguise() const { return {}; }
  virtual Answer Hiccup() const { return {}; }
  virtual Answer Reply(const ApiRequest& request) = 0;

  bool accepts_credentials() const { return accepts_credentials_; }
  std::string NewToken();
  bool IsToken(const std::string& token) const { return tokens_.contains(token); }
  std::string Store(const std::string& on, std::string text, bool internal);
  std::vector<Note> On(const std::string& on) const;
  void Complain(const std::string& complaint) { complaints_.push_back(complaint); }

 private:
  Answer Decide(const ApiRequest& request);

  mutable std::mutex mutex_;
  std::set<Mishap> mishaps_;
  bool accepts_credentials_ = true;
  std::set<std::string> tokens_;
  int tokens_given_ = 0;
  std::vector<Note> notes_;
  std::vector<std::string> complaints_;
};

Answer JsonAnswer(int status, const json& body, Headers headers = {});
Answer Busy(const json& body);  // 429, for ten minutes
std::string BasicCredentials(const std::string& username, const std::string& password);
std::map<std::string, std::string> ParseForm(const std::string& form);

}  // namespace relay::test
