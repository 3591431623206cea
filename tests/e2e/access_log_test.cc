// The access log as the comments in the project's files show it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/deployment.h"
#include "support/deadline.h"

namespace relay::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class AccessLog : public testing::TestWithParam<FrontEnd> {
 protected:
  std::filesystem::path log() const { return dir_.path() / "access.log"; }

  TempDir dir_;
  Deployment relay_{GetParam(), "", {.access_log = log()}};
};

INSTANTIATE_TEST_SUITE_P(Each, AccessLog, testing::ValuesIn(kFrontEnds),
                         [](const auto& front_end) { return NameOf(front_end.param); });

TEST_P(AccessLog, HasNothingOfWhatIsPosted) {
  HttpRequest request = Post("/script.fcgi/closed?Notes=s3cr3t", "SessionID=1&Notes=s3cr3t");
  request.headers.emplace_back("Authorization", "Basic czNjcjN0OnMzY3IzdA==");  // s3cr3t:s3cr3t
  request.headers.emplace_back("Referer", "https://rescue.example/?s3cr3t");
  ASSERT_NE(StoredId(relay_.Send(request)), "");
  const Deadline deadline(std::chrono::seconds(20));
  ASSERT_TRUE(deadline.Until([&] { return ReadFile(log()).find("200") != std::string::npos; }))
      << ReadFile(log());
  EXPECT_THAT(ReadFile(log()),
              AllOf(HasSubstr("POST"), HasSubstr("/script.fcgi/closed"), Not(HasSubstr("s3cr3t")),
                    Not(HasSubstr("czNjcjN0OnMzY3IzdA"))));
}

}  // namespace
}  // namespace relay::test
