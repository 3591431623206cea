#include "unit/decode/reality_rows.h"

namespace relay {
namespace {

using namespace std::string_literals;

const std::string kForm = "application/x-www-form-urlencoded";
const std::string kNul = "refused: form: has a NUL character in a name";
const std::string kNoMeaning =
    "refused: form: holds bytes that mean nothing in the charset it names";
const std::string kNoUtf16 = "refused: form: holds bytes that mean nothing in UTF-16";

std::string Charset(const std::string& label) {
  return kForm + "; charset=" + label;
}

}  // namespace

std::vector<PostRow> FormRows() {
  return {
      {kForm, "SessionID=1&TechName=Jane+Doe", "SessionID=1|TechName=Jane Doe"},
      {kForm, "sessionid=1&NOTE=x&Unknown=y", "sessionid=1|NOTE=x|Unknown=y"},
      {kForm, "Notes=a&Notes=&Notes=b", "Notes=a|Notes=|Notes=b"},
      {kForm, "Notes=100%&Tracking0=%zz", "Notes=100%|Tracking0=%zz"},
      {kForm, "Notes=Zo%C3%AB+%E2%82%AC", "Notes=Zoë €"},
      {kForm, "Notes=Zo%EB+%80", "Notes=Zoë €"},
      {kForm, "\xEF\xBB\xBFSessionID=1", "SessionID=1"},
      {kForm, "%EF%BB%BFSessionID=1", "SessionID=1"},
      {kForm, "\xFF\xFES\0=\0\xE9\0"s, "S=é"},
      {kForm, "\xFE\xFF\0S\0=\0\xE9"s, "S=é"},
      {"", "SessionID=1", "SessionID=1"},
      {"text/xml", "SessionID=1", "SessionID=1"},
      {"multipart/form-data; boundary=b", "SessionID=1", "SessionID=1"},
      {Charset("utf-8"), "Notes=Zo%C3%AB", "Notes=Zoë"},
      {Charset("\"ISO-8859-2\""), "Notes=%B1", "Notes=ą"},
      {Charset("'KOI8-R'"), "Notes=%F0", "Notes=П"},
      {Charset("KLINGON"), "Notes=%EB", "Notes=ë"},
      {Charset(""), "Notes=%EB", "Notes=ë"},
      {kForm + "; Charset = Windows-1251", "Notes=%CF", "Notes=П"},
      {kForm, "Notes=%CF&_charset_=windows-1251", "Notes=П|_charset_=windows-1251"},
      {kForm, "Notes=%0D%0A%01%1B%5B0m", "Notes=\r\n\x01\x1B[0m"},
      {kForm, "ChatLog=a%00b", "ChatLog=a\uFFFDb"},
      {kForm, "ChatLog=a\0"s, "ChatLog=a\uFFFD"},
      {"", "SessionID=1&Notes=%00", "SessionID=1|Notes=\uFFFD"},
      {"text/xml", "SessionID=1&Notes=%00", "SessionID=1|Notes=\uFFFD"},
      {kForm, "\xFF\xFEs\0=\0\0\0"s, "s=\uFFFD"},

      {kForm, "secret%00=1", kNul},
      {kForm, "%00&secret", kNul},
      {kForm, "\0\0\0secret"s, kNul},
      {Charset("windows-1253"), "Notes=secret%D2", kNoMeaning},
      {Charset("windows-1253"), "secret%D2=1", kNoMeaning},
      {Charset("WINDOWS-1257"), "Notes=secret%A1", kNoMeaning},
      {Charset("'ISO-8859-3'"), "Notes=secret%A5", kNoMeaning},
      {kForm, "Notes=secret%D2&_charset_=windows-1253", kNoMeaning},
      {kForm, "\xFF\xFEs\0e\0c\0r\0e\0t"s, kNoUtf16},
      {kForm, "\xFF\xFEs\0=\0\x3D\xD8"s, kNoUtf16},
      {kForm, "\xFF\xFEs\0=\0\xA9\xDD"s, kNoUtf16},
      {kForm, "\xFE\xFF\0s\0=\xD8\x3D"s, kNoUtf16},
      {kForm, "\0s\0e\0c\0r\0e\0"s, kNoUtf16},
      {kForm, "s\0e\0c"s, kNoUtf16},
      {kForm, Repeat("secret=1&", 10'001), "refused: form: has more than 10000 fields"},
      {kForm, Repeat("secret&", 10'001), "refused: form: has more than 10000 fields"},
      {kForm, Repeat("secretly", 129) + "=1", "refused: form: has a name of more than 1024 bytes"},
      {kForm, "a=1&" + Repeat("secretly", 129),
       "refused: form: has a name of more than 1024 bytes"},
  };
}

}  // namespace relay
