#include "unit/decode/reality_rows.h"

namespace relay {
namespace {

using namespace std::string_literals;

const std::string kType = "multipart/form-data; boundary=b";
const std::string kCutShort = "refused: multipart: ends without its closing boundary";
const std::string kNoBlankLine =
    "refused: multipart: has a part without an empty line after its headers";
const std::string kTransfer =
    "refused: multipart: has a part in a transfer encoding that is not supported";
const std::string kNoMeaning =
    "refused: multipart: holds bytes that mean nothing in the charset it names";
const std::string kNul = "refused: multipart: has a NUL character in a name";

// A part whose headers go on after its name.
std::string Part(const std::string& name, const std::string& value,
                 const std::string& headers = "") {
  return "--b\r\nContent-Disposition: form-data; name=" + name + headers + "\r\n\r\n" + value +
         "\r\n";
}

}  // namespace

std::vector<PostRow> MultipartRows() {
  const std::string document = "<s><sessionid>1</sessionid></s>";
  return {
      {kType, Part("SessionID", "1") + Part("\"Notes\"", "a\r\nb") + "--b--\r\n",
       "SessionID=1|Notes=a\r\nb"},
      {kType, Part("v", "a+b%20c&d=e") + "--b--", "v=a+b%20c&d=e"},
      {kType, Part("v", "") + Part("v", "2") + "--b--", "v=|v=2"},
      {"MULTIPART/Form-Data; Boundary=\"b\"", Part("v", "1") + "--b--", "v=1"},
      {"", Part("v", "1") + "--b--", "v=1"},
      {"text/plain", "\r\n" + Part("v", "1") + "--b--", "v=1"},
      {kType, "--b\nContent-Disposition: form-data; name=v\n\n1\n--b--\n", "v=1"},
      {kType, Part("v", "é") + Part("w", "\xEB") + "--b--", "v=é|w=ë"},
      {kType, Part("v", "\xF0", "\r\nContent-Type: text/plain; charset=KOI8-R") + "--b--", "v=П"},
      {kType,
       Part("file", document, "; filename=\"C:\\s.xml\"\r\nContent-Type: text/xml") + "--b--",
       "sessionid=1"},
      {kType, Part("key", "k") + Part("xml", document) + "--b--", "key=k|sessionid=1"},
      {kType, "--b--\r\n", ""},
      {kType, "", ""},

      {kType, Part("secret", "1"), kCutShort},
      {kType, Part("secret", "1") + "--b", kCutShort},
      {kType, Part("secret", "1") + "--b\r\n", kCutShort},
      {kType, Part("secret", "1") + "--c--\r\n", kCutShort},
      {"", Part("secret", "1") + "--b-", kCutShort},
      {kType, "--c\r\nsecret", "refused: multipart: its boundary does not occur in it"},
      {"multipart/form-data", "--b\r\nsecret\r\n--b--",
       "refused: multipart: its boundary does not occur in it"},
      {kType, "--b\r\nsecret\r\n--b--", kNoBlankLine},
      {kType, "--b\r\n--b--\r\nsecret", kNoBlankLine},
      {kType, Part("v", "1") + "--b\r\nContent-Disposition: form-data; name=secret\r\n--b--",
       kNoBlankLine},
      {kType, Part("secret", "=41", "\r\nContent-Transfer-Encoding: quoted-printable") + "--b--",
       kTransfer},
      {kType, Part("v", "c2VjcmV0", "\r\ncontent-transfer-encoding:Base64") + "--b--", kTransfer},
      {kType,
       Part("secret", "\xD2", "\r\nContent-Type: text/plain; charset=windows-1253") + "--b--",
       kNoMeaning},
      {kType + "; charset=windows-1253", Part("secret", "\xD2") + "--b--", kNoMeaning},
      {kType, Part("secret", "\xD2") + Part("_charset_", "windows-1253") + "--b--", kNoMeaning},
      {kType, Part("\"secret\0\""s, "1") + "--b--", kNul},
      {kType, Part("xml", "<s><sessionid>secret") + "--b--",
       "refused: multipart: XML in a field: ends inside an element"},
      {kType, Repeat(Part("secret", ""), 10'001) + "--b--",
       "refused: multipart: has more than 10000 parts"},
      {kType, Part(Repeat("secretly", 129), "") + "--b--",
       "refused: multipart: has a name of more than 1024 bytes"},
      {kType, Part("v", "", "\r\nX: " + Repeat("secretly", 1024)) + "--b--",
       "refused: multipart: has a part with headers of more than 8192 bytes"},
      {"multipart/form-data; boundary=" + Repeat("secretly", 33),
       "--" + Repeat("secretly", 33) + "--",
       "refused: multipart: has a boundary of more than 256 bytes"},
  };
}

}  // namespace relay
