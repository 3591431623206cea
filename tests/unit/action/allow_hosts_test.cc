// Where an action may connect to.
#include <poll.h>

#include "action/http_client.h"
#include "support/sockets.h"
#include "unit/action/action_fixture.h"

namespace relay {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class AllowHosts : public ActionTest {
 protected:
  Outcome RunTo(const std::string& url, const std::string& allow_hosts) {
    return Run("[action.a]\ntype = \"http\"\nurl = \"" + url + "\"\nallow_hosts = [" + allow_hosts +
               "]\n");
  }
  std::string Local(const std::string& host) const {
    return "http://" + host + ":" + std::to_string(sink_.port()) + "/x";
  }
  test::HttpSink sink_;
};

TEST_F(AllowHosts, AnAddressThatIsListedIsConnectedToUnderAnyName) {
  EXPECT_EQ(RunTo(Local("localhost"), "\"127.0.0.1\"").kind, OutcomeKind::Done);
  EXPECT_EQ(RunTo(Local("127.0.0.1"), "\"127.0.0.0/8\"").kind, OutcomeKind::Done);
  EXPECT_EQ(RunTo(Local("localhost"), "\"localhost\"").kind, OutcomeKind::Done);
}

TEST_F(AllowHosts, OtherHostsAreNotConnectedTo) {
  const Outcome outcome = RunTo(Local("127.0.0.1"), "\"crm.example\", \"10.0.0.0/8\"");
  EXPECT_EQ(outcome.kind, OutcomeKind::Dead);
  EXPECT_THAT(outcome.reason, HasSubstr("allow_hosts"));
  EXPECT_THAT(sink_.requests(), IsEmpty());
}

TEST_F(AllowHosts, AHostThatIsRefusedSeesNoConnection) {
  const test::UniqueFd listener = test::ListenOnLoopback();
  const std::string url = "http://127.0.0.1:" + std::to_string(test::PortOf(listener)) + "/";
  EXPECT_EQ(RunTo(url, "\"10.0.0.0/8\"").kind, OutcomeKind::Dead);
  pollfd waiting{listener.get(), POLLIN, 0};
  EXPECT_EQ(poll(&waiting, 1, 0), 0);
}

// A connection that another request has opened is no way around the rules.
TEST_F(AllowHosts, AnOpenConnectionIsNotUsedForARequestThatMayNot) {
  HttpClient client(stop_);
  HttpRequest request;
  request.method = "GET";
  request.url = Local("127.0.0.1");
  request.timeout = std::chrono::seconds(5);
  EXPECT_TRUE(std::holds_alternative<HttpAnswer>(client.Send(request)));
  request.hosts = *HostRules::Parse({"10.0.0.0/8"});
  const auto sent = client.Send(request);
  ASSERT_TRUE(std::holds_alternative<SendError>(sent));
  EXPECT_EQ(std::get<SendError>(sent).failure, SendFailure::NotAllowed);
  EXPECT_THAT(sink_.requests(), SizeIs(1));
}

TEST_F(AllowHosts, AHostThatAPostBringsInIsNotConnectedTo) {
  document_["CField1"] = "127.0.0.1:" + std::to_string(sink_.port());
  EXPECT_EQ(Run("[action.a]\ntype = \"http\"\nurl = \"http://{{ .CField1 }}/x\"\n").kind,
            OutcomeKind::Dead)
      << "the colon is escaped, so this is no URL";
  EXPECT_THAT(sink_.requests(), IsEmpty());
}

TEST_F(AllowHosts, LinkLocalAddressesAreRefusedUnlessListed) {
  const Outcome outcome = RunTo("http://169.254.169.254/latest/meta-data/", "");
  EXPECT_EQ(outcome.kind, OutcomeKind::Dead);
  EXPECT_THAT(outcome.reason, HasSubstr("allow_hosts"));
}

}  // namespace
}  // namespace relay
