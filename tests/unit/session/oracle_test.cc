// Values, chats and folds against second, naive ways to the same answer. On generated input; the
// seed repeats it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "oracle/encode.h"
#include "oracle/naive.h"
#include "session/chat.h"
#include "session/fold.h"
#include "session/values.h"

namespace relay {
namespace {

using test::Below;
using test::Random;

// Pieces of times and numbers, most of them in an order that makes sense.
std::string AlmostAValue(Random& random) {
  const auto number = [&](std::size_t bound) { return std::to_string(Below(random, bound)); };
  const auto one_of = [&](std::vector<std::string> words) {
    return words[Below(random, words.size())];
  };
  const std::string mark = one_of({"-", "/", "."});
  const std::string day = one_of({number(32), "0" + number(10), "29"});
  const std::string date =
      Below(random, 2) == 0
          ? one_of({"20", "19"}) + "2" + number(10) + mark + number(14) + mark + day
          : number(14) + mark + day + mark + "202" + number(10);
  const std::string clock = number(26) + ":" + one_of({"05", "59", number(61)}) +
                            one_of({"", ":07", ":60", ":59." + number(99'999)});
  const std::string end =
      one_of({"", "", "Z", " AM", "pm", " utc", "+01:00", "-0530", " +14:59", "x"});
  return one_of({date + " " + clock + end, date + "T" + clock + end, clock + end, number(100'000),
                 "-" + number(99) + "." + number(99), number(9) + ":" + clock, date,
                 day + mark + end});
}

TEST(Oracle, ReadsTimesLikeRegularExpressions) {
  unsigned times = 0;
  for (unsigned seed = 0; seed < 20'000; ++seed) {
    Random random(seed);
    const std::string text = AlmostAValue(random);
    ASSERT_EQ(ParseTime(text), test::NaiveTime(text)) << text;
    times += ParseTime(text) ? 1 : 0;
  }
  EXPECT_GT(times, 1000u);
}

TEST(Oracle, ReadsNumbersLikeRegularExpressions) {
  unsigned numbers = 0;
  for (unsigned seed = 0; seed < 20'000; ++seed) {
    Random random(seed);
    const std::string text = AlmostAValue(random);
    ASSERT_EQ(ParseNumber(text), test::NaiveNumber(text)) << text;
    numbers += ParseNumber(text) ? 1 : 0;
  }
  EXPECT_GT(numbers, 2000u);
}

TEST(Oracle, ReadsBackEveryTimeThatIsWritten) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    Random random(seed);
    const Time time{std::chrono::seconds(86'400 + Below(random, 4'000'000'000))};
    ASSERT_EQ(ParseTime(FormatTime(time)), time);
  }
}

struct Said {
  std::string time;
  int minute;
  std::string text;
};

// What people and the console say, without anything that looks like a time.
std::vector<Said> RandomChat(Random& random) {
  const std::vector<std::string> said{"Jane Doe: hello", "Zoë: 谢谢 😀",
                                      "Zoë: a, b; c",    "Jane Doe: <b>x</b> & so",
                                      "Jane Doe: ok?",   "Holding session..."};
  std::vector<Said> chat;
  int minute = static_cast<int>(Below(random, 100));
  for (std::size_t entries = 1 + Below(random, 30); entries > 0; --entries) {
    minute = std::min(minute + static_cast<int>(Below(random, 60)), 24 * 60 - 1);
    std::array<char, 16> clock{};
    std::snprintf(clock.data(), clock.size(), "%02d:%02d", minute / 60, minute % 60);
    chat.push_back({clock.data(), minute, said[Below(random, said.size())]});
  }
  return chat;
}

std::string Joined(const std::vector<Said>& chat, const std::string& between) {
  std::string text;
  for (const Said& entry : chat)
    text += (text.empty() ? "" : between) + entry.time + " " + entry.text;
  return text;
}

TEST(Oracle, FindsEveryEntryHoweverItsLinesWereBroken) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    Random random(seed);
    const std::vector<Said> chat = RandomChat(random);
    for (const std::string between : {"\n", "\r\n", "\r", "<br>", "<BR />", "<br/>\r\n", "", " "}) {
      const std::vector<ChatEntry> entries = ParseChat(NormaliseChat(Joined(chat, between)));
      ASSERT_EQ(entries.size(), chat.size()) << "seed " << seed << " " << between;
      for (std::size_t i = 0; i < chat.size(); ++i) {
        ASSERT_EQ(entries[i].time, chat[i].time);
        ASSERT_EQ(entries[i].text, chat[i].text);
        ASSERT_EQ(entries[i].system, chat[i].text.starts_with("Holding"));
      }
    }
  }
}

// The length of the longest row of times from the first that never runs backwards.
std::size_t LongestRow(const std::vector<Said>& chat) {
  std::vector<std::size_t> length(chat.size(), 0);
  std::size_t longest = 1;
  length[0] = 1;
  for (std::size_t i = 1; i < chat.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (length[k] > 0 && chat[k].minute <= chat[i].minute)
        length[i] = std::max(length[i], length[k] + 1);
    }
    longest = std::max(longest, length[i]);
  }
  return longest;
}

TEST(Oracle, SplitsAtTheLongestRowOfTimes) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    Random random(seed);
    std::vector<Said> chat = RandomChat(random);
    std::shuffle(chat.begin(), chat.end(), random);
    const std::string lines = NormaliseChat(Joined(chat, ""));
    const auto count = static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
    ASSERT_EQ(count, LongestRow(chat)) << "seed " << seed;
  }
}

TEST(Oracle, FoldsLikeComparingLineByLine) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Random random(seed);
    SessionState state;
    std::string held;
    const auto transcript = [&] { return Result<std::string>(held); };
    for (int post = 0; post < 20; ++post) {
      std::string chat = Joined(RandomChat(random), "\n") + "\n";
      if (Below(random, 3) == 0) chat = held + chat;
      if (Below(random, 3) == 0) chat = held.substr(Below(random, held.size() + 1));
      const std::string expected = test::NaiveFold(held, NormaliseChat(chat));
      const auto folded = Fold(state, Fields(FieldList{{"ChatLog", chat}}), Time{}, {}, transcript);
      ASSERT_TRUE(folded);
      state = folded->state;
      held += folded->facts.adds;
      ASSERT_EQ(held, expected) << "seed " << seed << ", post " << post;
    }
  }
}

}  // namespace
}  // namespace relay
