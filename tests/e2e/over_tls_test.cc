// The project's files where the web server speaks TLS, as an administrator sets it up beside them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "e2e/deployment.h"
#include "support/certificates.h"
#include "support/password_hash.h"

namespace relay::test {
namespace {

class OverTls : public testing::TestWithParam<FrontEnd> {
 protected:
  std::filesystem::path Certificates() const {
    MakeCertificates(dir_.path());
    return dir_.path();
  }
  std::string Url(const std::string& path) const {
    return fmt::format("https://rescue:correct@127.0.0.1:{}{}", relay_.tls_port(), path);
  }

  TempDir dir_;
  Deployment relay_{
      GetParam(),
      fmt::format("[intake]\nusers_file = \"{}\"\n",
                  dir_.Write("users", "rescue:" + PasswordHash("correct") + "\n").string()),
      {.certificates = Certificates()}};
};

INSTANTIATE_TEST_SUITE_P(Each, OverTls, testing::ValuesIn(kFrontEnds),
                         [](const auto& front_end) { return NameOf(front_end.param); });

TEST_P(OverTls, APostArrives) {
  const Finished done =
      RunToEnd({.argv = {"curl", "--silent", "--show-error", "--cacert", dir_.path() / "ca.pem",
                         "--data", "SessionID=1&Tracking0=CASE-1", Url("/script.fcgi/closed")}});
  EXPECT_THAT(done.out, testing::StartsWith("stored ")) << done.err;
  const auto posts = relay_.installation().List({"post", "list"});
  ASSERT_THAT(posts, testing::SizeIs(1));
  EXPECT_EQ(posts[0]["endpoint"], "closed");
}

TEST_P(OverTls, TheDoctorFindsNothingWrong) {
  const Finished done = relay_.installation().Relay(
      {"doctor", "--json", "--ca-file", dir_.path() / "ca.pem", "--url", Url("/script.fcgi")});
  EXPECT_EQ(done.code, 0) << done.err;
  std::istringstream lines(done.out);
  int checks = 0;
  for (std::string line; std::getline(lines, line); ++checks) {
    EXPECT_EQ(nlohmann::json::parse(line)["status"], "ok") << line;
  }
  EXPECT_EQ(checks, 7);
}

}  // namespace
}  // namespace relay::test
