#include "e2e/recipes/stand_in.h"

#include <algorithm>
#include <cstdlib>

namespace relay::test {
namespace {

std::string Decoded(const std::string& text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded += ' ';
    } else if (text[i] == '%' && i + 2 < text.size()) {
      decoded += static_cast<char>(std::strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

ApiRequest Parsed(const SinkRequest& request) {
  const std::size_t mark = request.target.find('?');
  ApiRequest parsed{request.method, Decoded(request.target.substr(0, mark)),  {}, request.headers,
                    request.body,   json::parse(request.body, nullptr, false)};
  if (mark != std::string::npos) parsed.query = ParseForm(request.target.substr(mark + 1));
  if (parsed.body.is_discarded()) parsed.body = nullptr;
  return parsed;
}

}  // namespace

std::map<std::string, std::string> ParseForm(const std::string& form) {
  std::map<std::string, std::string> fields;
  for (std::size_t begin = 0; begin < form.size();) {
    const std::size_t end = std::min(form.find('&', begin), form.size());
    const std::string pair = form.substr(begin, end - begin);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    fields[Decoded(pair.substr(0, equals))] =
        Decoded(pair.substr(std::min(equals + 1, pair.size())));
    begin = end + 1;
  }
  return fields;
}

std::optional<std::string> ApiRequest::After(const std::string& prefix) const {
  if (!path.starts_with(prefix)) return std::nullopt;
  return path.substr(prefix.size());
}

std::string ApiRequest::Member(const std::string& pointer) const {
  const json::json_pointer where(pointer);
  if (!body.contains(where) || !body[where].is_string()) return "";
  return body[where].get<std::string>();
}

Answer StandIn::Take(const SinkRequest& request) {
  const std::lock_guard lock(mutex_);
  return Decide(Parsed(request));
}

Answer StandIn::Decide(const ApiRequest& request) {
  if (!request.text.empty() && request.header("Content-Type").empty()) Complain("no Content-Type");
  if (auto reply = TokenReply(request)) return *reply;
  if (!Knows(request)) return Stranger();
  if (mishaps_.erase(Mishap::Limit) > 0) return Limit();
  if (Writes(request) && mishaps_.erase(Mishap::Disguise) > 0) return Disguise();
  if (Writes(request) && mishaps_.erase(Mishap::Hiccup) > 0) return Hiccup();
  const std::size_t before = notes_.size();
  Answer answer = Reply(request);
  if (notes_.size() > before && mishaps_.erase(Mishap::AnswerLost) > 0) {
    answer.kind = Answer::Kind::Close;
  }
  return answer;
}

void StandIn::Arrange(Mishap mishap) {
  const std::lock_guard lock(mutex_);
  mishaps_.insert(mishap);
}

void StandIn::RefuseCredentials() {
  const std::lock_guard lock(mutex_);
  accepts_credentials_ = false;
  tokens_.clear();
}

void StandIn::AcceptCredentials() {
  const std::lock_guard lock(mutex_);
  accepts_credentials_ = true;
}

void StandIn::ExpireTokens() {
  const std::lock_guard lock(mutex_);
  tokens_.clear();
}

std::vector<Note> StandIn::notes() const {
  const std::lock_guard lock(mutex_);
  return notes_;
}

int StandIn::tokens_given() const {
  const std::lock_guard lock(mutex_);
  return tokens_given_;
}

std::vector<std::string> StandIn::complaints() const {
  const std::lock_guard lock(mutex_);
  return complaints_;
}

std::string StandIn::NewToken() {
  return *tokens_.insert("token-" + std::to_string(++tokens_given_)).first;
}

std::string StandIn::Store(const std::string& on, std::string text, bool internal) {
  const std::string id = std::to_string(7001 + notes_.size());
  notes_.push_back({id, on, std::move(text), internal});
  return id;
}

std::vector<Note> StandIn::On(const std::string& on) const {
  std::vector<Note> found;
  for (const Note& note : notes_) {
    if (note.on == on) found.push_back(note);
  }
  return found;
}

Answer JsonAnswer(int status, const json& body, Headers headers) {
  headers.emplace_back("Content-Type", "application/json");
  return {.status = status, .headers = std::move(headers), .body = body.dump()};
}

Answer Busy(const json& body) {
  return JsonAnswer(429, body, {{"Retry-After", "600"}});
}

std::string BasicCredentials(const std::string& username, const std::string& password) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string text = username + ":" + password;
  std::string encoded = "Basic ";
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6) encoded += kDigits[bits >> (held - 6) & 63];
  }
  if (held > 0) encoded += kDigits[bits << (6 - held) & 63];
  while (encoded.size() % 4 != 2) encoded += '=';
  return encoded;
}

}  // namespace relay::test
