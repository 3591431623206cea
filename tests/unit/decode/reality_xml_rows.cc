#include "unit/decode/reality_rows.h"

namespace relay {
namespace {

using namespace std::string_literals;

const std::string kNoMeaning = "refused: XML: holds bytes that mean nothing in its encoding";
const std::string kDoctype = "refused: XML: holds a DOCTYPE or another declaration";
const std::string kOutside = "refused: XML: has text outside its root element";
const std::string kInTag = "refused: XML: ends inside a tag";
const std::string kInElement = "refused: XML: ends inside an element";
const std::string kNoTag = "refused: XML: holds a \"<\" that opens no tag";
const std::string kDeclared = "<?xml version=\"1.0\" encoding=\"";

std::string Refused(const std::string& why) {
  return "refused: XML: " + why;
}

}  // namespace

std::vector<PostRow> XmlRows() {
  return {
      {"text/xml", "<session><sessionid>1</sessionid></session>", "sessionid=1"},
      {"application/xml", "<?xml version='1.0'?>\n<s>\n <v>1</v>\n</s>\n", "v=1"},
      {"", "<Other a='1'><SessionID b='2'>1</SessionID></Other>", "SessionID=1"},
      {"application/x-www-form-urlencoded", "<s><v>a&amp;b=c</v></s>", "v=a&b=c"},
      {"text/plain", "\r\n\t <s><v/></s>", "v="},
      {"text/xml", "\xEF\xBB\xBF<s><v>é</v></s>", "v=é"},
      {"text/xml", "\xFF\xFE<\0s\0>\0<\0v\0/\0>\0<\0/\0s\0>\0"s, "v="},
      {"text/xml", "\0<\0s\0>\0<\0v\0/\0>\0<\0/\0s\0>"s, "v="},
      {"text/xml", kDeclared + "ISO-8859-1\"?><s><v>\xE9</v></s>", "v=é"},
      {"text/xml", kDeclared + "windows-1252\"?><s><v>\x80</v></s>", "v=€"},
      {"text/xml", kDeclared + "utf-16\"?><s><v>é</v></s>", "v=é"},
      {"text/xml; charset=\"KOI8-R\"", "<s><v>\xF0</v></s>", "v=П"},
      {"text/xml; charset=klingon", "<s><v>é</v></s>", "v=é"},
      {"text/xml", "<s><v><b>a</b>\f</v></s>", "v=a\f"},
      {"text/xml", "<s><v>\v</v></s>", "v=\v"},
      {"text/xml", "<s><v>a<![CDATA[<b>&amp;]]>c</v></s>", "v=a<b>&amp;c"},
      {"text/xml", "<s><v>&#233;&#xE9;&lt;&nbsp;&</v></s>", "v=éé<&nbsp;&"},
      {"text/xml", "<s><v> \n </v><v>\x01\x1B[0m</v></s>", "v= \n |v=\x01\x1B[0m"},
      {"text/xml", "<s><v>9:00 a<br/>9:01 b</v></s>", "v=9:00 a\n9:01 b"},
      {"text/xml", "<s><note>n</note><NOTE/></s>", "note=n|NOTE="},
      {"text/xml", "<s>" + Repeat("<v>", 60) + "x" + Repeat("</v>", 60) + "</s>", "v=x"},

      {"text/xml", "<s><secret>&#0;</secret>\0</s>"s, Refused("holds a NUL character")},
      {"text/xml", "<s><v>secret\xE9</v></s>", kNoMeaning},
      {"text/xml", kDeclared + "utf-8\"?><s><v>secret\xE9</v></s>", kNoMeaning},
      {"text/xml", kDeclared + "windows-1253\"?><s><v>secret\xD2</v></s>", kNoMeaning},
      {"text/xml", "\xEF\xBB\xBF<s><v>secret\xE9</v></s>", kNoMeaning},
      {"text/xml", "\xFF\xFE<\0s\0e\0c\0r\0e\0t"s, kNoMeaning},
      {"text/xml", "\xFF\xFE<\0s\0>\0\x3D\xD8<\0/\0s\0>\0"s, kNoMeaning},
      {"text/xml", "<\0s\0>\0\0\xDC"s, kNoMeaning},
      {"text/xml", kDeclared + "secret\"?><s/>", Refused("its declared encoding is not supported")},
      {"text/xml", kDeclared + "utf-7\"?><s/>", Refused("its declared encoding is not supported")},
      {"text/xml", "<!DOCTYPE s><s><v>secret</v></s>", kDoctype},
      {"text/xml", "<!DOCTYPE s [<!ENTITY secret 'x'>]><s><v>&secret;</v></s>", kDoctype},
      {"text/xml", "<!DOCTYPE s SYSTEM 'file:///secret'><s/>", kDoctype},
      {"text/xml", "<?xml version='1.0'?><!doctype secret><s/>", kDoctype},
      {"text/xml", "<s><!ENTITY secret 'x'></s>", kDoctype},
      {"text/xml", "<s><v>secret", kInElement},
      {"text/xml", "<s><v>secret</v>", kInElement},
      {"text/xml", "<s><secret", kInTag},
      {"text/xml", "<s><v a='secret></v></s>", kInTag},
      {"text/xml", "<s><v>secret</", kInTag},
      {"text/xml", "<s><v>secret</v></s", kInTag},
      {"text/xml", "<s><!-- secret --", Refused("ends inside a comment or an instruction")},
      {"text/xml", "<s><?secret", Refused("ends inside a comment or an instruction")},
      {"text/xml", "<s><v><![CDATA[secret]]</v></s>", Refused("ends inside a CDATA section")},
      {"text/xml", "<!-- secret -->", Refused("has no root element")},
      {"text/xml", "<?xml version='1.0'?> ", Refused("has no root element")},
      {"text/xml", "<s/>secret", kOutside},
      {"text/xml", "<?xml version='1.0'?>secret<s/>", kOutside},
      {"text/xml", "<s/><![CDATA[secret]]>", kOutside},
      {"text/xml", "<s/><secret/>", Refused("has more than one root element")},
      {"text/xml", "<s></s></secret>", Refused("closes an element that is not open")},
      {"text/xml", "<s><v>secret < 2</v></s>", kNoTag},
      {"text/xml", "<s><v>secret <3</v></s>", kNoTag},
      {"text/xml", "< secret/>", kNoTag},
      {"text/xml", "<<secret/>", kNoTag},
      {"text/xml", "<s><v>secret</w></s>",
       Refused("is not well-formed: XML_ERROR_MISMATCHED_ELEMENT")},
      {"text/xml", "<s><a>secret<b></a></b></s>",
       Refused("is not well-formed: XML_ERROR_MISMATCHED_ELEMENT")},
      {"text/xml", "<s><v secret></v></s>",
       Refused("is not well-formed: XML_ERROR_PARSING_ATTRIBUTE")},
      {"text/xml", "<s><v a=secret></v></s>",
       Refused("is not well-formed: XML_ERROR_PARSING_ATTRIBUTE")},
      {"text/xml", "<s><v a='1' a='secret'/></s>",
       Refused("is not well-formed: XML_ERROR_PARSING_ATTRIBUTE")},
      {"text/xml", Repeat("<secret>", 65) + Repeat("</secret>", 65),
       Refused("is nested more than 64 elements deep")},
      {"text/xml", "<s>" + Repeat("<secret/>", 10'001) + "</s>",
       Refused("has more than 10000 fields")},
      {"text/xml", "<s><v>" + Repeat("<secret/>", 100'000) + "</v></s>",
       Refused("has more than 100000 tags")},
      {"text/xml", "<s><" + Repeat("secretly", 129) + "/></s>",
       Refused("has a name of more than 1024 bytes")},
      {"text/xml", "<s><v secret='" + Repeat("secretly", 8192) + "'/></s>",
       Refused("has a tag of more than 65536 bytes")},
      {"text/xml", "<s><v " + Repeat("secret='' ", 257) + "/></s>",
       Refused("has a tag with more than 256 attributes")},
  };
}

std::vector<PostRow> XmlInFormRows() {
  const std::string broken = "refused: form: XML in a field: ";
  return {
      {"", "xml=%3Cs%3E%3Csessionid%3E1%3C/sessionid%3E%3C/s%3E", "sessionid=1"},
      {"", "=<s><SessionID>a+b</SessionID></s>", "SessionID=a b"},
      {"", "%3Cs%3E%3Csessionid%3E1%3C/sessionid%3E%3C/s%3E", "sessionid=1"},
      {"", "%3C?xml+version='1.0'?%3E%3Cs%3E%3Csessionid/%3E%3C/s%3E", "sessionid="},
      {"", "key=k&data=<s><sessionid>1</sessionid></s>", "key=k|sessionid=1"},
      {"", "x=" + kDeclared + "iso-8859-1\"?><s><sessionid>%E9</sessionid></s>", "sessionid=é"},
      {"", "x=" + kDeclared + "iso-8859-1\"?><s><sessionid>%C3%A9</sessionid></s>", "sessionid=é"},
      {"", "SessionID=1&Notes=<s><sessionid>2</sessionid></s>",
       "SessionID=1|Notes=<s><sessionid>2</sessionid></s>"},
      {"", "Notes=<b>bold</b>", "Notes=<b>bold</b>"},

      {"", "xml=<s><sessionid>secret", broken + "ends inside an element"},
      {"", "xml=<s><sessionid>secret</sessionid>", broken + "ends inside an element"},
      {"", "xml=<s><sessionid>secret</s></sessionid>",
       broken + "is not well-formed: XML_ERROR_MISMATCHED_ELEMENT"},
      {"", "xml=<!DOCTYPE s><s><sessionid>secret</sessionid></s>",
       broken + "holds a DOCTYPE or another declaration"},
      {"", "key=secret&xml=<s><sessionid>1</sessionid></s><s/>",
       broken + "has more than one root element"},
      {"", "xml=<s><sessionid>secret%00</sessionid></s>", broken + "holds a NUL character"},
      {"", "xml=" + Repeat("<secret>", 65) + "<sessionid/>" + Repeat("</secret>", 65),
       broken + "is nested more than 64 elements deep"},
      {"", "xml=" + kDeclared + "secret\"?><s><sessionid/></s>",
       broken + "its declared encoding is not supported"},
  };
}

}  // namespace relay
