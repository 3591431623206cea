// The content of a mail's part as lines that every mail server passes on unchanged (RFC 2045, 6).
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace relay {

struct EncodedText {
  const char* name;   // "quoted-printable" or "base64", whichever is shorter
  std::string lines;  // ASCII, at most 76 characters each, CRLF between them and none at the end
};

// Line breaks, LF or CRLF, become CRLF. All else comes back as it is: line ends of another kind,
// spaces before them, NUL, a line of one dot. No line begins with "." or "From ", which some mail
// servers change.
EncodedText EncodeText(std::string_view text);

}  // namespace relay
