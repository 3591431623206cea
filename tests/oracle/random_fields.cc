#include <array>

#include "oracle/encode.h"

namespace relay::test {
namespace {

const std::array<const char*, 36> kPieces{
    "a",     "Jane Doe: ", "9:02 AM ", "1",     " ",    "\t", "\n", "\r\n",   "\r",
    "&",     "=",          "%",        "+",     "%41",  "<",  ">",  "\"",     "'",
    "]]>",   "]]",         "--",       "&amp;", "&#65", "é",  "€",  "\x01",   "\x1B",
    "<br/>", "--b\r\n",    "谢谢",     "😀",     ";",    "\\", "ÿ",  "\u0085", "�"};

const std::array<const char*, 8> kNames{"TechID",  "Notes", "note",    "ChatLog",
                                        "CField0", "x",     "a-b.c_1", "PickupTime"};

}  // namespace

std::size_t Below(Random& random, std::size_t bound) {
  return random() % bound;
}

std::string RandomText(Random& random) {
  std::string text;
  for (std::size_t pieces = Below(random, 4) * Below(random, 6); pieces > 0; --pieces)
    text += kPieces.at(Below(random, kPieces.size()));
  return text;
}

FieldList RandomFields(Random& random) {
  FieldList fields{{Below(random, 2) == 0 ? "SessionID" : "sessionid", "880011223"}};
  for (std::size_t more = Below(random, 13); more > 0; --more)
    fields.push_back({kNames.at(Below(random, kNames.size())), RandomText(random)});
  return fields;
}

}  // namespace relay::test
