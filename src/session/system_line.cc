#include "session/system_line.h"

#include <algorithm>
#include <array>

namespace relay {
namespace {

constexpr auto kOpenings = std::to_array<std::string_view>({
    "Incoming session from:",
    "Connecting to:",
    "Connected to Applet",
    "Switched to P2P",
    "Disconnected (Applet)",
    "Waiting for customer permission",
    "Remote Control successfully initiated",
    "Remote Control ended",
    "Desktop View successfully initiated",
    "Sending resource file:",
    "File has been successfully sent",
    "Executing script:",
    "URL push:",
    "Transferring session to",
    "Holding session...",
    "The customer ended the session",
    "The technician ended the session.",
    "Emergency reboot has been successfully initiated",
    "The customer's device is rebooting.",
});

}  // namespace

bool SystemLines::Contain(std::string_view text) const {
  const auto opens = [&](std::string_view opening) { return text.starts_with(opening); };
  return std::any_of(kOpenings.begin(), kOpenings.end(), opens) ||
         std::any_of(more.begin(), more.end(), opens);
}

}  // namespace relay
