// The lines of a chat. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "session/system_line.h"

namespace relay {

// A chat as it is held: every entry on a line of its own that ends in "\n"; CRLF, CR and <br>
// become line breaks, a chat without line breaks is split at its time stamps, and empty text stays
// empty, as does white space alone. Normalising twice changes nothing more.
std::string NormaliseChat(std::string_view chatlog, const SystemLines& system_lines = {});

struct ChatEntry {
  std::string time;  // as it stands in the chat, "9:02 AM"; empty where the text has none
  std::string text;  // without the time; further lines of the entry follow after "\n"
  bool system = false;
};

// The entries of a normalised chat, in order. A line that opens with a time stamp opens an entry,
// the lines after it belong to it; lines before the first time stamp are entries each by itself.
// Of a chat with more than 100,000 entries the last one holds the rest: an entry takes much more
// memory than the few bytes it may have been made of.
std::vector<ChatEntry> ParseChat(std::string_view transcript, const SystemLines& system_lines = {});

}  // namespace relay
