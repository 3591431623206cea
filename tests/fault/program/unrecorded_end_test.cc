// A delivery has been made and its end cannot be written down, because the disk fails just then.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/deployment.h"
#include "fault/program/ledger.h"
#include "support/deadline.h"
#include "support/failing_calls.h"

namespace relay::test {
namespace {

using std::chrono::seconds;
using testing::SizeIs;

// One delivery that is with the CRM, until the test lets go of it.
class UnrecordedEnd : public testing::Test {
 protected:
  UnrecordedEnd() {
    Load load(1, OverSocket(service_.socket()));
    load.AwaitReplyWith(200);
    load.Stop();
    sink_.WaitForRequests(1);
  }

  FailingCallsOptions Failing() const {
    const std::string store = installation_.store().string();
    return {"pwrite64", "EIO", {store, store + "-wal"}};
  }
  size_t Said(const std::string& what) const {
    const std::string log = service_.log();
    size_t count = 0;
    for (size_t at = log.find(what); at != std::string::npos; at = log.find(what, at + 1)) ++count;
    return count;
  }
  void AwaitSaid(const std::string& what) const {
    EXPECT_TRUE(Deadline(seconds(30)).Until([&] { return Said(what) > 0; })) << service_.log();
  }

  HttpSink sink_{[](const SinkRequest&) { return Answer{Answer::Kind::Hang}; }};
  const Installation installation_{fmt::format(R"toml(
[action.crm]
type = "http"
url = "http://127.0.0.1:{}/cases/{{{{ .Tracking0 }}}}/comments"
timeout = "5s"
retry = {{ first = "1s", max = "1s" }}
)toml",
                                               sink_.port())};
  Service service_{installation_};
};

TEST_F(UnrecordedEnd, IsWrittenDownWhenTheDiskWorksAgainAndNothingIsRepeated) {
  {
    const FailingCalls fault(service_.process().pid(), Failing());
    sink_.Release();
    AwaitSaid("record and claim deliveries");
  }
  AwaitDelivered(installation_, sink_);
  EXPECT_THAT(sink_.requests(), SizeIs(ReadStore(installation_).size()));
  EXPECT_EQ(Said("it will be repeated"), 0u);
}

TEST_F(UnrecordedEnd, IsARepeatUnderTheSameKeyWhereTheDiskFailsForTheWholeLease) {
  {
    const FailingCalls fault(service_.process().pid(), Failing());
    sink_.Release();
    AwaitSaid("it will be repeated");
    EXPECT_EQ(Said("record and claim deliveries"), 1u) << "the same trouble, again and again";
  }
  AwaitDelivered(installation_, sink_);
  ExpectAllDelivered(sink_.requests(), ReadStore(installation_));
  EXPECT_GT(sink_.requests().size(), ReadStore(installation_).size());
}

}  // namespace
}  // namespace relay::test
