// Chats and sessions: normalised, split, parsed, written and folded in time linear in their size.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "bench/growth_table.h"
#include "session/chat.h"
#include "session/chat_split.h"
#include "session/document.h"
#include "session/fold.h"

namespace relay::bench {
namespace {

std::vector<std::pair<std::string, std::string>> Chats() {
  return {
      {"lines of people", "9:02 AM Jane Doe: I have restarted the service, please try again\n"},
      {"lines without a time", "a\n"},
      {"time stamps", "9:02 AM "},
      {"time stamps without anything", "9:02"},
      {"time stamps, one a line", "9:02\n"},
      {"time stamps and speakers, glued", "9:02 AM Jane: x"},
      {"time stamps that run to and fro", "11:00 PM B: y1:00 AM C: z"},
      {"colons", ":"},
      {"digits and colons", "1:"},
      {"CR", "\r"},
      {"LF", "\n"},
      {"<br>", "<br>"},
      {"<br and spaces", "<br           "},
      {"<", "<"},
      {"spaces", " "},
      {"one word", "x"},
  };
}

// Opens with a stamp, so that a chat without line breaks is split.
std::function<std::string(std::size_t)> Chat(const std::string& text) {
  return [text](std::size_t size) { return "9:00 AM Jane: hello " + Fill(text, size); };
}

std::function<std::string(std::size_t)> Lines(const std::string& text) {
  return [text](std::size_t size) { return NormaliseChat(Fill(text, size)); };
}

void AddChatRows(GrowthTable& table, const std::string& name, const std::string& text) {
  table.Row(name + ": NormaliseChat", Chat(text), [](const std::string& chat) {
    return fmt::format("{} bytes", NormaliseChat(chat).size());
  });
  table.Row(name + ": FindEntries", Chat(text), [](const std::string& chat) {
    return fmt::format("{} entries", FindEntries(chat, {}).size() + 1);
  });
  table.Row(name + ": ParseChat", Lines(text), [](const std::string& chat) {
    return fmt::format("{} entries", ParseChat(chat).size());
  });
  table.Row(name + ": ChatValue", Lines(text), [](const std::string& chat) {
    return fmt::format("{} entries", ChatValue(chat, {}).size());
  });
}

// A session in the order its posts come, and what a store holds of it.
class Session {
 public:
  void Take(const std::string& chat) {
    const auto folded = Fold(state_, Fields(FieldList{{"ChatLog", chat}}), Time{}, {}, [this] {
      ++reads_;
      return Result<std::string>(held_);
    });
    held_ += folded->facts.adds;
    state_ = folded->state;
  }
  std::string Answer() const {
    return fmt::format("{} bytes held, {} reads", held_.size(), reads_);
  }
  const std::string& held() const { return held_; }

 private:
  SessionState state_;
  std::string held_;
  int reads_ = 0;
};

constexpr std::size_t kPosts = 1000;

std::string LinesOf(std::size_t size) {
  std::string lines;
  for (int i = 0; lines.size() < size; ++i) lines += fmt::format("9:02 AM Jane Doe: line {}\n", i);
  return lines;
}

// Where the chat up to a post ends, after a whole line.
std::size_t EndOf(const std::string& chat, std::size_t post) {
  const std::size_t line_break = chat.find('\n', chat.size() / kPosts * post);
  return post == 0 ? 0 : std::min(line_break, chat.size() - 1) + 1;
}

std::string PieceOf(const std::string& chat, std::size_t post) {
  return chat.substr(EndOf(chat, post), EndOf(chat, post + 1) - EndOf(chat, post));
}

std::string FoldPieces(const std::string& chat) {
  Session session;
  for (std::size_t post = 0; post < kPosts; ++post) session.Take(PieceOf(chat, post));
  return session.Answer();
}

std::string FoldFullChats(const std::string& chat) {
  Session session;
  for (std::size_t post = 0; post < kPosts; ++post)
    session.Take(chat.substr(0, EndOf(chat, post + 1)));
  return session.Answer();
}

// In turns all there is and what is new.
std::string FoldMixed(const std::string& chat) {
  Session session;
  for (std::size_t post = 0; post < kPosts; ++post)
    session.Take(post % 2 == 0 ? chat.substr(0, EndOf(chat, post + 1)) : PieceOf(chat, post));
  return session.Answer();
}

// So that all posts together have about that size, each with the whole chat so far.
std::function<std::string(std::size_t)> LinesForFullChats() {
  return [](std::size_t size) { return LinesOf(size * 2 / kPosts); };
}

void AddFoldRows(GrowthTable& table) {
  const auto once = [](const std::string& chat) {
    Session session;
    session.Take(chat);
    return session.Answer();
  };
  const auto twice = [](const std::string& chat) {
    Session session;
    session.Take(chat);
    session.Take(chat);
    return session.Answer();
  };
  table.Row("one post", LinesOf, once);
  table.Row("the same post again", LinesOf, twice);
  table.Row("1,000 posts, each what is new", LinesOf, FoldPieces);
  table.Row("1,000 posts, each the whole chat", LinesForFullChats(), FoldFullChats);
  table.Row("1,000 posts, in turns", LinesForFullChats(), FoldMixed);
}

int Run() {
  GrowthTable chats("chat of");
  for (const auto& [name, text] : Chats()) AddChatRows(chats, name, text);
  GrowthTable folds("fold of");
  AddFoldRows(folds);
  return chats.not_linear() + folds.not_linear() > 0 ? 1 : 0;
}

}  // namespace
}  // namespace relay::bench

int main() {
  return relay::bench::Run();
}
