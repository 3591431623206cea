// What a chat adds to the transcript that is held. Pure; any thread.
//
// A post says either what was said since the last one or all of it, and does not say which. Chat
// that is what is held, or stands at its end, adds nothing; chat that begins with all that is held
// adds the rest; anything else adds all of itself. So no line that is held is ever lost. Both texts
// are normalised, and all of this goes by whole lines.
#pragma once

#include <optional>
#include <string_view>

#include "model/session.h"

namespace relay {

enum class Overlap {
  Held,       // the chat is held already
  Continues,  // it begins with all that is held
  None,       // it is new
  Unknown,    // only the whole transcript can tell
};

Overlap Compare(std::string_view held, std::string_view chat);

// The same from what the state keeps of it.
Overlap CompareWithTail(const SessionState& held, std::string_view chat);

// Grows what the state keeps. `whole` is the transcript before, where the caller has it.
void Extend(SessionState& state, std::string_view adds, std::optional<std::string_view> whole);

}  // namespace relay
