// rescue-relay that sends mail: posts are stored, `deliver --once` sends what is due.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "e2e/deployment.h"
#include "support/mail_reader.h"
#include "support/mail_server.h"

namespace relay::test {

class Mailing {
 public:
  // `config` is what follows [delivery] in relay.toml.
  explicit Mailing(const std::string& config) : installation_(kDelivery + config) {}

  const Installation& installation() const { return installation_; }
  void Configure(const std::string& config) const { installation_.Configure(kDelivery + config); }

  void Post(const std::string& form) const {
    const Finished done = RunToEnd(installation_.CgiPost(form));
    ASSERT_EQ(done.code, 0) << done.err;
    ASSERT_NE(done.out.find("stored "), std::string::npos) << done.out << done.err;
  }

  // The only delivery, after a try at it.
  nlohmann::json Deliver() const {
    const Finished done = installation_.Relay({"deliver", "--once"});
    EXPECT_EQ(done.code, 0) << done.err;
    return TheDelivery();
  }
  nlohmann::json DeliverAgain() const {
    EXPECT_EQ(installation_.Relay({"queue", "retry", "ALL", "--yes"}).code, 0);
    return Deliver();
  }
  nlohmann::json TheDelivery() const {
    const auto rows = installation_.List({"queue", "list"});
    EXPECT_EQ(rows.size(), 1u);
    return rows.empty() ? nlohmann::json() : rows[0];
  }

 private:
  static constexpr const char* kDelivery = "[delivery]\nrun_in = \"service\"\n";
  Installation installation_;
};

}  // namespace relay::test
