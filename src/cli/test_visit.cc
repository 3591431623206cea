#include "cli/test_visit.h"

#include <algorithm>
#include <charconv>
#include <random>
#include <sstream>

namespace relay {
namespace {

constexpr Duration kTimeout = std::chrono::seconds(60);

std::string RandomWord() {
  std::random_device seed;
  std::uniform_int_distribution<int> letter('a', 'z');
  std::string word(16, 'x');
  std::ranges::generate(word, [&] { return static_cast<char>(letter(seed)); });
  return word;
}

std::optional<TestReply> ParseReply(const HttpAnswer& answer, const std::string& word) {
  std::istringstream in(answer.body);
  std::string test;
  std::string repeated;
  if (answer.status != 200 || !(in >> test >> repeated)) return std::nullopt;
  if (test != "test" || repeated != word) return std::nullopt;
  TestReply reply;
  for (std::string item; in >> item;) {
    const std::string value = item.substr(item.find('=') + 1);
    if (item.starts_with("endpoint=")) reply.endpoint = value;
    if (item.starts_with("from=")) reply.from = value;
    if (item.starts_with("bytes=")) {
      std::from_chars(value.data(), value.data() + value.size(), reply.bytes);
    }
    if (item == "authorization=yes") reply.authorization = true;
  }
  return reply;
}

Visit Send(HttpClient& client, const HttpRequest& request) {
  Visit visit;
  auto sent = client.Send(request);
  if (auto* answer = std::get_if<HttpAnswer>(&sent)) {
    visit.answer = std::move(*answer);
  } else {
    visit.error = std::get<SendError>(std::move(sent));
  }
  return visit;
}

HttpRequest RequestTo(const std::string& url, const char* method, const std::string& ca_file) {
  HttpRequest request;
  request.method = method;
  request.url = url;
  request.ca_file = ca_file;
  request.timeout = kTimeout;
  return request;
}

}  // namespace

Visit SendTestPost(HttpClient& client, const std::string& url, std::size_t bytes,
                   const std::string& ca_file) {
  const std::string word = RandomWord();
  HttpRequest request = RequestTo(url, "POST", ca_file);
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Rescue-Relay-Test", word}};
  request.body = std::string(bytes, 'x');
  Visit visit = Send(client, request);
  if (visit.answer) visit.reply = ParseReply(*visit.answer, word);
  return visit;
}

Visit SendGet(HttpClient& client, const std::string& url, const std::string& ca_file) {
  return Send(client, RequestTo(url, "GET", ca_file));
}

std::string HeaderOf(const HttpAnswer& answer, std::string_view name) {
  for (const HttpHeader& header : answer.headers) {
    if (header.name == name) return header.value;
  }
  return "";
}

bool IsFromProgram(const HttpAnswer& answer) {
  return HeaderOf(answer, "content-type").starts_with("text/plain") &&
         HeaderOf(answer, "cache-control") == "no-store";
}

}  // namespace relay
