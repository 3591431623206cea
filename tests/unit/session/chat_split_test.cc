#include "session/chat_split.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (const std::size_t entry : FindEntries(text)) {
    parts.push_back(text.substr(start, entry - start));
    start = entry;
  }
  parts.push_back(text.substr(start));
  return parts;
}

using Parts = std::vector<std::string>;

TEST(ChatSplit, SplitsAtTimeStamps) {
  EXPECT_EQ(
      Split("9:00 AM Incoming session from: Zoe9:01 AM Jane: hi9:01 AM Zoe: hello"),
      (Parts{"9:00 AM Incoming session from: Zoe", "9:01 AM Jane: hi", "9:01 AM Zoe: hello"}));
  EXPECT_EQ(Split("09:00 Jane: hi 09:01 Holding session... 13:05 Jane: back"),
            (Parts{"09:00 Jane: hi ", "09:01 Holding session... ", "13:05 Jane: back"}));
  EXPECT_EQ(Split("9:00 AM one9:01 AM two"), (Parts{"9:00 AM one", "9:01 AM two"}));
  EXPECT_EQ(Split("9:00 AM I see 59:02 AM Zoe: ok"), (Parts{"9:00 AM I see 5", "9:02 AM Zoe: ok"}));
}

TEST(ChatSplit, LeavesATimeInsideAMessage) {
  EXPECT_EQ(
      Split("9:01 AM Zoe: Call me at 3:00 PM if we get cut off9:05 AM Remote Control ended"),
      (Parts{"9:01 AM Zoe: Call me at 3:00 PM if we get cut off", "9:05 AM Remote Control ended"}));
  for (const char* whole :
       {"9:01 AM Zoe: Call me at 3:00 PM if we get cut off", "9:01 AM Zoe: at 8:00 AM Jane: hi",
        "9:01 AM Zoe: the log says 10:02:33 x", "9:01 AM Zoe: it was 9:30 Jane: by her watch",
        "9:01 AM Zoe: 9:02 AM", "9:01 AM Zoe: free 3:00 PM to 4:30 or so",
        "9:01 AM Zoe: the log of 8:10:02 PM says", "Zoe: hi9:01 AM Jane: hello", "no time at all",
        "9:01 AM x", ""})
    EXPECT_EQ(Split(whole), Parts{whole});
}

TEST(ChatSplit, KeepsTheLongestRowThatDoesNotRunBackwards) {
  EXPECT_EQ(Split("9:00 AM A: free 3:00 PM B: or so?9:01 AM B: yes 4:00 PM C: no9:02 AM A: ok"),
            (Parts{"9:00 AM A: free 3:00 PM B: or so?", "9:01 AM B: yes 4:00 PM C: no",
                   "9:02 AM A: ok"}));
}

TEST(ChatSplit, KeepsWhatIsSaidAfterMidnightWithTheLastEntry) {
  EXPECT_EQ(Split("11:58 PM A: x11:59 PM B: y12:01 AM A: z"),
            (Parts{"11:58 PM A: x", "11:59 PM B: y12:01 AM A: z"}));
}

TEST(ChatSplit, TakesNoLongForManyStamps) {
  std::string text = "12:00 AM A: x";
  for (int i = 0; i < 300'000; ++i) text += i % 2 == 0 ? "11:00 PM B: y" : "1:00 AM C: z";
  EXPECT_EQ(FindEntries(text).size(), 150'000u);
}

}  // namespace
}  // namespace relay
