// An installation whose actions need nothing but this machine: a receiver that only stores, and
// `rescue-relay` to deliver.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "e2e/deployment.h"
#include "support/fcgi_client.h"

namespace relay::test {

using Posted = std::vector<std::pair<std::string, std::string>>;

inline std::string EncodeForm(const Posted& fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    if (!form.empty()) form += '&';
    form += name + '=';
    for (const char c : value) {
      char code[4];
      std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(c));
      const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
      form += plain ? std::string(1, c) : code;
    }
  }
  return form;
}

// What a customer may type who means harm, or does not know.
inline Posted HostileSession() {
  return {{"SessionID", "880011224"},
          {"TechName", "'); DROP TABLE sessions; --"},
          {"TechDescr", "say \"hi\", 'you' \\ `id` $(id) ${HOME} %n ; rm -rf / | & > <"},
          {"CField0", "=cmd|'/c calc'!A1"},
          {"CField1", "</script><script>alert(1)</script><!-- ]]>"},
          {"CField2", "one\r\ntwo\nthree\r\n\"880011225\",x\r\n"},
          {"CField3", "😀 Søren 谢谢 \u202e\u0085"},
          {"CField4", "../../../etc/passwd"},
          {"CField5", "{{ .SessionID }} {\"a\": null}\\u0000"},
          {"Tracking0", "-rf"},
          {"TSurvey0", "\t=1+1"},
          {"TSurvey1", "@SUM(A1:A9)"},
          {"TSurvey2", "-1+1\x1b[31m"},
          {"TSurvey3", "\""},
          {"TSurvey4", ""},
          {"WorkTime", "-7"},
          {"ChatLog", "9:00 AM A: \"hello\"\n9:01 AM B: bye, bye\n"}};
}

class LocalDelivery : public testing::Test {
 protected:
  // `actions` may say DIR for the folder of the installation.
  void Install(std::string actions) {
    installation_ = std::make_unique<Installation>("");
    Configure(std::move(actions));
    service_ = std::make_unique<Service>(*installation_);
  }
  void Configure(std::string actions) const {
    const std::string dir = installation_->dir();
    for (std::size_t at = 0; (at = actions.find("DIR", at)) != std::string::npos;) {
      actions.replace(at, 3, dir);
    }
    installation_->Configure("[delivery]\nrun_in = \"service\"\n" + actions);
  }

  void Post(const std::string& body) const {
    FcgiClient client(service_->socket());
    client.Send(FcgiRequest(FcgiPostParams(body), body));
    const auto reply = client.ReadReply();
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->status(), 200) << reply->body();
  }
  Finished Relay(const std::vector<std::string>& arguments) const {
    return installation_->Relay(arguments);
  }
  Finished RunIn(std::vector<std::string> wrapper,
                 const std::vector<std::string>& arguments) const {
    wrapper.push_back(installation_->dir() / "rescue-relay");
    wrapper.insert(wrapper.end(), arguments.begin(), arguments.end());
    return RunToEnd(installation_->Command(wrapper));
  }
  std::vector<nlohmann::json> Queue() const {
    return installation_->List({"queue", "list", "--limit", "0"});
  }
  nlohmann::json Document(const std::string& post) const {
    return nlohmann::json::parse(Relay({"post", "show", post, "--json"}).out);
  }
  std::filesystem::path Path(const std::string& name) const { return installation_->dir() / name; }

  std::unique_ptr<Installation> installation_;
  std::unique_ptr<Service> service_;
};

}  // namespace relay::test
