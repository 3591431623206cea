#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>

#include "base/unique_fd.h"
#include "support/captured_log.h"

namespace relay {
namespace {

using testing::ElementsAre;
using testing::MatchesRegex;
using testing::SizeIs;

TEST(Log, WritesKeysAndValuesAndQuotesWhatNeedsIt) {
  const test::CapturedLog captured;
  captured.log().Info("post stored", {{"post_id", 4711}, {"trace_id", "0af7"}});
  captured.log().Warning("x", {{"reason", R"(say "no" \ yes)"}, {"sum", "1=1"}});
  captured.log().Error("plain");
  EXPECT_THAT(captured.lines(),
              ElementsAre(R"(<6>msg="post stored" post_id=4711 trace_id=0af7)",
                          R"(<4>msg=x reason="say \"no\" \\ yes" sum="1=1")", "<3>msg=plain"));
}

TEST(Log, LeavesOutWhatIsNotKnown) {
  const test::CapturedLog captured;
  captured.log().Info("post stored", {{"trace_id", ""}, {"bytes", 0}});
  EXPECT_THAT(captured.lines(), ElementsAre(R"(<6>msg="post stored" bytes=0)"));
}

TEST(Log, AControlCharacterForgesNoLine) {
  const test::CapturedLog captured;
  captured.log().Error("one\n<6>two", {{"reason", "three\r\nfour\x1b[1m"}});
  EXPECT_THAT(captured.lines(), ElementsAre(R"(<3>msg="one <6>two" reason="three  four [1m")"));
}

TEST(Log, SaysTimeAndLevelWhereThereIsNoJournal) {
  std::array<int, 2> ends{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends.data()), 0);
  const UniqueFd reader(ends[0]);
  const UniqueFd writer(ends[1]);
  Log(writer.get(), Log::Style::Plain).Warning("no room");
  std::array<char, 200> line{};
  const auto size = recv(reader.get(), line.data(), line.size(), MSG_DONTWAIT);
  ASSERT_GT(size, 0);
  EXPECT_THAT(
      std::string(line.data(), static_cast<std::size_t>(size)),
      MatchesRegex("time=20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z level=warning msg=\"no room\"\n"));
}

// Every write is a datagram here.
std::vector<std::string> WritesOf(int lines, const std::string& message) {
  std::array<int, 2> ends{};
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends.data()), 0);
  const UniqueFd reader(ends[0]);
  const UniqueFd writer(ends[1]);
  const Log log(writer.get(), Log::Style::Journal);
  {
    LogBatch batch(log);
    for (int i = 0; i < lines; ++i) batch.Add(Log::Level::Info, message, {{"n", i}});
  }
  std::vector<std::string> writes;
  std::string text(100'000, '\0');
  for (;;) {
    const auto size = recv(reader.get(), text.data(), text.size(), MSG_DONTWAIT);
    if (size <= 0) return writes;
    writes.push_back(text.substr(0, static_cast<std::size_t>(size)));
  }
}

TEST(LogBatch, WritesItsLinesAtOnce) {
  EXPECT_THAT(WritesOf(3, "a"), ElementsAre("<6>msg=a n=0\n<6>msg=a n=1\n<6>msg=a n=2\n"));
  EXPECT_THAT(WritesOf(0, "a"), SizeIs(0));
}

TEST(LogBatch, WritesNoMoreThanAPipeTakesAtOnceAndNoHalfLine) {
  const auto writes = WritesOf(100, std::string(80, 'x'));
  EXPECT_THAT(writes, SizeIs(3));
  std::string all;
  for (const std::string& written : writes) {
    EXPECT_LE(written.size(), 4096U);
    EXPECT_EQ(written.back(), '\n');
    all += written;
  }
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 100);
  EXPECT_THAT(WritesOf(2, std::string(5000, 'x')), SizeIs(2)) << "a long line is kept whole";
}

}  // namespace
}  // namespace relay
