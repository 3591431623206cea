#include <fmt/format.h>

#include <array>
#include <charconv>
#include <random>
#include <stdexcept>

#include "bench/load.h"
#include "support/fcgi_client.h"
#include "support/sockets.h"

namespace relay::bench {
namespace {

// A reply of script.fcgi is one small record, and its end another.
bool IsWholeFcgi(std::string_view answer) {
  if (answer.find("Status: 200") == std::string_view::npos) {
    throw std::runtime_error("no 200: " + std::string(answer));
  }
  return true;
}

bool IsWholeHttp(std::string_view answer) {
  const auto end = answer.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  if (!answer.starts_with("HTTP/1.1 200")) {
    throw std::runtime_error("no 200: " + std::string(answer));
  }
  const std::string_view head = answer.substr(0, end + 2);
  if (head.find("\r\nTransfer-Encoding: chunked") != std::string_view::npos) {
    return answer.ends_with("0\r\n\r\n");
  }
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const auto at = head.find(kLength);
  if (at == std::string_view::npos) throw std::runtime_error("an answer without length");
  std::size_t length = 0;
  std::from_chars(head.data() + at + kLength.size(), head.data() + head.size(), length);
  return answer.size() >= end + 4 + length;
}

}  // namespace

// Chat packs as well as what people write: no sentence comes twice, common words come often.
std::string PostBody() {
  constexpr std::array kWords = {
      "the",     "a",       "to",        "I",        "you",       "it",       "is",       "and",
      "printer", "not",     "can",       "please",   "this",      "that",     "with",     "my",
      "have",    "screen",  "now",       "password", "window",    "on",       "for",      "do",
      "what",    "restart", "see",       "when",     "nothing",   "computer", "happens",  "try",
      "update",  "click",   "open",      "error",    "message",   "again",    "network",  "still",
      "thanks",  "moment",  "driver",    "install",  "settings",  "mail",     "Outlook",  "folder",
      "gone",    "yes",     "which",     "version",  "let",       "check",    "since",    "Tuesday",
      "office",  "laptop",  "cable",     "cannot",   "find",      "license",  "expired",  "working",
      "account", "shared",  "drive",     "slow",     "after",     "meeting",  "document", "saved",
      "upper",   "corner",  "connected", "invoice",  "colleague", "browser",  "tab",      "closes"};
  std::string body =
      fmt::format("SessionID={}&TechID=4711&TechName=Jane+Doe&Tracking0=CASE-1", kPostNumber);
  for (int i = 0; i < 12; ++i) body += fmt::format("&CField{}=a+value+of+usual+length", i % 6 + 1);
  body += "&ChatLog=";
  std::minstd_rand random;
  for (int minute = 15; body.size() < 4300; ++minute) {
    body += fmt::format("10%3A{}+AM+{}%3A", minute % 60, minute % 2 == 0 ? "Jane+Doe" : "Customer");
    for (auto words = 4 + random() % 9; words > 0; --words) {
      // Those at the front more often.
      const auto most = 1 + random() % kWords.size();
      body += fmt::format("+{}", kWords.at(random() % most));
    }
    body += ".%0D%0A";
  }
  return body;
}

Target FcgiTarget(const std::filesystem::path& socket) {
  const std::string body = PostBody();
  return {[socket] { return test::ConnectToUnix(socket); },
          test::FcgiRequest(test::FcgiPostParams(body), body, test::KeepConnection::Yes),
          IsWholeFcgi};
}

Target HttpTarget(int port, const std::string& path) {
  const std::string body = PostBody();
  return {[port] { return test::ConnectToLoopback(port); },
          fmt::format("POST {} HTTP/1.1\r\nHost: localhost:{}\r\n"
                      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n"
                      "\r\n{}",
                      path, port, body.size(), body),
          IsWholeHttp};
}

}  // namespace relay::bench
