// The trace of a post goes with every request.
#include "unit/action/action_fixture.h"

namespace relay {
namespace {

constexpr const char* kTraceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

class TraceparentTest : public ActionTest {
 protected:
  // The header that was sent.
  std::string Sent(const std::string& headers, const std::string& traceparent) {
    Action& action = Make("[action.crm]\ntype = \"http\"\nurl = \"" + sink_.Url("/") +
                          "\"\nheaders = " + headers + "\n");
    EXPECT_EQ(action.Run({document_, "store-1", 1, "store", traceparent}).kind, OutcomeKind::Done);
    return std::string(sink_.requests().back().headers.Find("traceparent").value_or("none"));
  }
  test::HttpSink sink_{[](const test::SinkRequest&) { return test::Answer{}; }};
};

TEST_F(TraceparentTest, IsSentWithARequest) {
  EXPECT_EQ(Sent("{}", kTraceparent), kTraceparent);
}

TEST_F(TraceparentTest, IsNotSentWhereThereIsNone) {
  EXPECT_EQ(Sent("{}", ""), "none");
}

TEST_F(TraceparentTest, IsWhatTheConfigurationSaysWhereItSaysOne) {
  EXPECT_EQ(Sent("{ TraceParent = \"mine\" }", kTraceparent), "mine");
}

}  // namespace
}  // namespace relay
