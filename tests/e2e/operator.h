// rescue-relay as an operator has it: a receiver that only stores, and a CRM.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "e2e/deployment.h"
#include "support/fcgi_client.h"
#include "support/http_sink.h"
#include "support/sqlite_file.h"

namespace relay::test {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 64;
inline constexpr int kConfig = 78;

// A receiver that only stores, and a CRM; `deliver --once` brings one to the other.
class Operator : public testing::Test {
 protected:
  static std::string Config(int port) {
    return "[delivery]\nrun_in = \"service\"\n" + CrmAction(port);
  }

  int Post(const std::string& body) const {
    FcgiClient client(service_.socket());
    client.Send(FcgiRequest(FcgiPostParams(body), body));
    const auto reply = client.ReadReply();
    return reply ? reply->status() : 0;
  }

  void PostSessions(int count) const {
    for (int i = 1; i <= count; ++i) {
      ASSERT_EQ(Post("SessionID=" + std::to_string(i) + "&Tracking0=CASE-1"), 200);
    }
  }

  Finished Relay(const std::vector<std::string>& arguments) const {
    return installation_.Relay(arguments);
  }

  Finished RelayWithInput(const std::vector<std::string>& arguments,
                          const std::string& input) const {
    std::vector<std::string> argv{installation_.dir() / "rescue-relay"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    ProcessOptions options = installation_.Command(argv);
    options.stdin_text = input;
    return RunToEnd(options);
  }

  std::vector<std::string> States() const {
    std::vector<std::string> states;
    for (const nlohmann::json& row : installation_.List({"queue", "list"}))
      states.push_back(row["state"]);
    return states;
  }

  nlohmann::json Doctor(const std::string& check) const {
    const Finished done = Relay({"doctor", "--json"});
    std::istringstream lines(done.out);
    for (std::string line; std::getline(lines, line);) {
      nlohmann::json row = nlohmann::json::parse(line);
      row["exit"] = done.code;
      if (row["check"] == check) return row;
    }
    return {};
  }

  SqliteFile Store() const { return SqliteFile(installation_.dir() / "relay.db"); }

  std::atomic<int> crm_says_ = 200;
  HttpSink sink_{[this](const SinkRequest&) { return Answer{.status = crm_says_}; }};
  const Installation installation_{Config(sink_.port())};
  Service service_{installation_};
};

}  // namespace relay::test
