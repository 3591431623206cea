#include "session/chat.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

TEST(NormaliseChat, MakesLines) {
  const struct {
    const char* why;
    const char* chat;
    const char* lines;
  } rows[] = {
      {"empty", "", ""},
      {"only white space", " \r\n\t ", ""},
      {"only breaks", "<br><br/>", ""},
      {"LF", "9:00 AM a\n9:01 AM b\n", "9:00 AM a\n9:01 AM b\n"},
      {"CRLF", "9:00 AM a\r\n9:01 AM b\r\n", "9:00 AM a\n9:01 AM b\n"},
      {"CR", "9:00 AM a\r9:01 AM b\r", "9:00 AM a\n9:01 AM b\n"},
      {"br", "9:00 AM a<br>9:01 AM b<BR/>9:02 AM c<br />", "9:00 AM a\n9:01 AM b\n9:02 AM c\n"},
      {"br and a line break", "a<br>\r\nb<br>\n", "a\nb\n"},
      {"two br", "a<br><br>b", "a\n\nb\n"},
      {"no last line break", "9:00 AM a\n9:01 AM b", "9:00 AM a\n9:01 AM b\n"},
      {"empty lines stay", "a\n\n\nb\n\n", "a\n\n\nb\n\n"},
      {"spaces of lines stay", " a \n  b", " a \n  b\n"},
      {"no tag", "a<b>b</b> <brown> <br", "a<b>b</b> <brown> <br\n"},
      {"no line breaks", "9:00 AM A: a 9:01 AM B: b", "9:00 AM A: a\n9:01 AM B: b\n"},
      {"one line", "9:00 AM A: the shop opens 9:30 AM B: it says ",
       "9:00 AM A: the shop opens\n9:30 AM B: it says\n"},
      {"one line that ends", "9:00 AM A: the shop opens 9:30 AM B: it says\n",
       "9:00 AM A: the shop opens 9:30 AM B: it says\n"},
      {"control characters", "a\x01\x1B[0m\tb", "a\x01\x1B[0m\tb\n"},
  };
  for (const auto& row : rows) {
    const std::string lines = NormaliseChat(row.chat);
    EXPECT_EQ(lines, row.lines) << row.why;
    EXPECT_EQ(NormaliseChat(lines), lines) << row.why << ", twice";
  }
}

std::string Show(const std::vector<ChatEntry>& entries) {
  std::string shown;
  for (const ChatEntry& entry : entries)
    shown += "[" + entry.time + "|" + entry.text + (entry.system ? "|system]" : "]");
  return shown;
}

TEST(ParseChat, ReadsEntries) {
  const struct {
    const char* why;
    const char* transcript;
    const char* entries;
  } rows[] = {
      {"nothing", "", ""},
      {"one", "9:02 AM Jane: hi\n", "[9:02 AM|Jane: hi]"},
      {"without the last line break", "9:02 AM Jane: hi", "[9:02 AM|Jane: hi]"},
      {"two", "9:02 AM Jane: hi\n09:03 Zoe: hello\n", "[9:02 AM|Jane: hi][09:03|Zoe: hello]"},
      {"further lines", "9:02 AM Jane: a\n\n  b\n9:03 AM c\n",
       "[9:02 AM|Jane: a\n\n  b][9:03 AM|c]"},
      {"no time stamps", "Jane: a\n\nZoe: b\n", "[|Jane: a][|Zoe: b]"},
      {"only a time stamp", "9:02 AM\n9:03 AM  \n", "[9:02 AM|][9:03 AM|]"},
      {"a time in a message", "9:02 AM Zoe: at 3:00 PM\n", "[9:02 AM|Zoe: at 3:00 PM]"},
      {"another time zone", "9:02 AM a\n8:03 AM b\n", "[9:02 AM|a][8:03 AM|b]"},
      {"system", "9:02 AM Holding session...\nConnecting to: x\n",
       "[9:02 AM|Holding session...\nConnecting to: x|system]"},
      {"system without time", "Connecting to: x\nJane: Connecting to: x\n",
       "[|Connecting to: x|system][|Jane: Connecting to: x]"},
  };
  for (const auto& row : rows) EXPECT_EQ(Show(ParseChat(row.transcript)), row.entries) << row.why;
}

TEST(ParseChat, KeepsTheRestOfAChatWithoutEndInItsLastEntry) {
  for (const std::string line : {"9:02\n", "a\n"}) {
    std::string chat;
    for (int i = 0; i < 100'002; ++i) chat += line;
    const std::vector<ChatEntry> entries = ParseChat(chat);
    ASSERT_EQ(entries.size(), 100'000u);
    const ChatEntry& last = entries.back();
    EXPECT_EQ(last.time + last.text + "\n", line == "a\n" ? "a\na\na\n" : "9:02\n9:02\n9:02\n");
  }
}

TEST(ParseChat, KnowsTheLinesOfTheConsole) {
  for (const std::string text :
       {"Incoming session from: Zoe", "Connecting to: Zoe", "Connected to Applet (RSA 2048 bits)",
        "Switched to P2P", "Disconnected (Applet)", "Waiting for customer permission.",
        "Remote Control successfully initiated", "Remote Control ended",
        "Desktop View successfully initiated", "Sending resource file: a.exe",
        "File has been successfully sent", "Executing script: x", "URL push: https://example.com",
        "Transferring session to Sam", "Holding session...", "The customer ended the session.",
        "The technician ended the session.", "Emergency reboot has been successfully initiated",
        "The customer's device is rebooting."})
    EXPECT_EQ(Show(ParseChat("9:02 AM " + text)), "[9:02 AM|" + text + "|system]");
  for (const std::string text : {"Jane: Holding session...", "holding session...", "Remote", ""})
    EXPECT_EQ(Show(ParseChat("9:02 AM " + text)), "[9:02 AM|" + text + "]");
}

}  // namespace
}  // namespace relay
