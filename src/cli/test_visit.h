// One test post to a URL (see intake/test_post.h) and what came of it.
#pragma once

#include <optional>
#include <string>

#include "action/http_client.h"

namespace relay {

// What script.fcgi says of a test post.
struct TestReply {
  std::string endpoint;
  std::string from;
  std::size_t bytes = 0;
  bool authorization = false;
};

struct Visit {
  std::optional<HttpAnswer> answer;  // absent: `error` says why
  SendError error;
  std::optional<TestReply> reply;  // where it is script.fcgi that has answered, to this very post
};

// A post of so many bytes, and without a session: a program that knows no test posts would not take
// it for a real one.
Visit SendTestPost(HttpClient& client, const std::string& url, std::size_t bytes,
                   const std::string& ca_file);
Visit SendGet(HttpClient& client, const std::string& url, const std::string& ca_file);

std::string HeaderOf(const HttpAnswer& answer, std::string_view name);

// An error reply of script.fcgi, by its form: one line of plain text, not to be stored.
bool IsFromProgram(const HttpAnswer& answer);

}  // namespace relay
