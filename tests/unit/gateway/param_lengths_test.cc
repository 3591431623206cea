#include "gateway/param_lengths.h"

#include <gtest/gtest.h>

#include "support/fcgi_client.h"

namespace relay {
namespace {

constexpr std::size_t kMost = 1000;

bool Takes(const std::string& content) {
  return ParamLengths(kMost).Take(content);
}

TEST(ParamLengths, TakesWhatWebServersSend) {
  for (const test::FcgiParams& params : std::vector<test::FcgiParams>{
           {},
           {{"", ""}},
           {{"A", "b"}, {"C", ""}, {"", "d"}},
           {{"LONG", std::string(128, 'x')}, {std::string(200, 'N'), "v"}},
           {{"MOST", std::string(kMost - 4, 'x')}, {"MOST", std::string(kMost - 4, 'x')}},
       }) {
    EXPECT_TRUE(Takes(test::FcgiEncoded(params))) << params.size();
  }
}

TEST(ParamLengths, RefusesWhatIsLonger) {
  for (const std::string& content : {
           test::FcgiEncoded({{"MORE", std::string(kMost - 3, 'x')}}),
           test::FcgiEncoded({{"A", "b"}, {std::string(kMost + 1, 'x'), ""}}),
           std::string("\xff\xff\xff\xfe\xff\xff\xff\xfe"),
           std::string("\xff\xff\xff\xff\x01"),
       }) {
    EXPECT_FALSE(Takes(content));
  }
}

TEST(ParamLengths, FollowsPiecesOfAnySize) {
  const std::string good = test::FcgiEncoded({{"A", std::string(300, '\xff')}, {"B", "c"}});
  const std::string bad = good + test::FcgiEncoded({{"MORE", std::string(kMost, 'x')}});
  for (std::size_t piece = 1; piece < good.size(); ++piece) {
    ParamLengths of_good(kMost);
    for (std::size_t at = 0; at < good.size(); at += piece) {
      EXPECT_TRUE(of_good.Take(std::string_view(good).substr(at, piece))) << piece;
    }
    ParamLengths of_bad(kMost);
    bool taken = true;
    for (std::size_t at = 0; taken && at < bad.size(); at += piece) {
      taken = of_bad.Take(std::string_view(bad).substr(at, piece));
    }
    EXPECT_FALSE(taken) << piece;
  }
}

}  // namespace
}  // namespace relay
