// Where an action may connect to.
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
