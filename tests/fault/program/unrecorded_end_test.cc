// A delivery has been made and its end cannot be written down, because the disk fails just then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/deployment.h"
#include "fault/program/ledger.h"
#include "support/deadline.h"
#include "support/failing_calls.h"

namespace relay::test {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST(UnrecordedEnd, IsWrittenDownWhenTheDiskWorksAgainAndNothingIsRepeated) {
  HttpSink sink([](const SinkRequest&) { return Answer{Answer::Kind::Hang}; });
  const Installation installation(MarkAction(sink.port()));
  Service service(installation);
  Load load(1, OverSocket(service.socket()));
  load.AwaitReplyWith(200);
  load.Stop();
  sink.WaitForRequests(1);
  {
    const std::string store = installation.store().string();
    const FailingCalls fault(service.process().pid(), {"pwrite64", "EIO", {store, store + "-wal"}});
    sink.Release();
    EXPECT_TRUE(Deadline(seconds(20)).Until([&] {
      return service.log().find("record and claim deliveries") != std::string::npos;
    }));
  }
  AwaitDelivered(installation, sink);
  EXPECT_THAT(sink.requests(), SizeIs(ReadStore(installation).size()));
  EXPECT_THAT(service.log(), Not(HasSubstr("it will be repeated")));
}

}  // namespace
}  // namespace relay::test
