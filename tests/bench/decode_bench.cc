// Hostile bodies: every one is decoded or refused in time linear in its size.
#include <functional>
#include <string>
#include <vector>

#include "bench/growth_table.h"
#include "decode/decode.h"

namespace relay::bench {
namespace {

using Make = std::function<std::string(std::size_t)>;

struct Shape {
  std::string name;
  Make make;
  std::string content_type = {};
};

// `open`, then the text over and over, then `close`.
Make Filled(const std::string& text, const std::string& open = {}, const std::string& close = {}) {
  return [=](std::size_t size) {
    return open + Fill(text, size - std::min(size, open.size() + close.size())) + close;
  };
}

// As many fields as one too many, however large each.
std::string TooManyFields(std::size_t size) {
  std::string body;
  for (int i = 0; i < 10'001; ++i) body += "a=" + std::string(size / 10'001 - 3, 'x') + "&";
  return body;
}

std::string ManyFields(std::size_t size) {
  std::string body;
  for (int i = 0; i < 10'000; ++i) body += "a=" + std::string(size / 10'000 - 3, 'x') + "&";
  return body;
}

std::vector<Shape> Forms() {
  return {
      {"form, 10,001 fields", TooManyFields},
      {"form, 10,000 fields", ManyFields},
      {"form of %", Filled("%")},
      {"form of &", Filled("&")},
      {"form of =", Filled("=")},
      {"form of +", Filled("+")},
      {"form of a&", Filled("a&")},
      {"form, one value of %E9", Filled("%E9", "v=")},
      {"form, one value of %E2%82%AC", Filled("%E2%82%AC", "v=")},
      {"form, one value in KOI8-R", Filled("%F0", "v="), "x; charset=koi8-r"},
      {"form, one name", Filled("n")},
      {"form, one value that opens like XML", Filled("<", "v=")},
      {"form, XML in a field", Filled("x", "v=<s><sessionid>", "</sessionid></s>")},
      {"form, broken XML in a field", Filled("<sessionid>", "v=")},
      {"form in UTF-16", Filled(std::string("a\0", 2), "\xFF\xFE")},
      {"form, UTF-16 garbage", Filled("\x3D\xD8", "\xFF\xFE")},
  };
}

std::string TagWithAttributes(const std::string& prefix) {
  std::string tag = "<v";
  for (int i = 0; i < 256; ++i) tag += " " + prefix + "a" + std::to_string(i) + "=''";
  return tag + "/>";
}

std::vector<Shape> Documents() {
  const std::string open = "<s><v>";
  const std::string close = "</v></s>";
  return {
      {"XML, one value", Filled("x", open, close)},
      {"XML, attributes on one tag", Filled("a='' ", "<s ", "/>")},
      {"XML, one attribute", Filled("a", "<s a='", "'/>")},
      {"XML, tags with 256 attributes", Filled(TagWithAttributes(""), "<s>", "</s>")},
      {"XML, tags with 256 long attributes",
       Filled(TagWithAttributes(Fill("a", 240)), "<s>", "</s>")},
      {"XML, one name", Filled("n", "<", "/>")},
      {"XML, &# without ;", Filled("&#", open, close)},
      {"XML, &#1 without ;", Filled("&#1", open, close)},
      {"XML of & in a value", Filled("&", open, close)},
      {"XML of &#65;", Filled("&#65;", open, close)},
      {"XML of &amp;", Filled("&amp;", open, close)},
      {"XML, nested", Filled("<v>")},
      {"XML, empty elements", Filled("<v/>", "<s>", "</s>")},
      {"XML, empty elements within a value", Filled("<v/>", open, close)},
      {"XML, large elements", Filled("<v>" + Fill("x", 2000) + "</v>", "<s>", "</s>")},
      {"XML, comments", Filled("<!---->", "<s>", "</s>")},
      {"XML, comments that do not end", Filled("<!--", "<s>")},
      {"XML, instructions that do not end", Filled("<?", "<s>")},
      {"XML, CDATA that does not end", Filled("<![CDATA[", open)},
      {"XML, CDATA of ]]", Filled("]]", open + "<![CDATA[", "]]>" + close)},
      {"XML, quotes that do not end", Filled("a=\"'", "<s ")},
      {"XML of <", Filled("<")},
      {"XML of > in a tag", Filled(">", "<s a='")},
      {"XML, line breaks", Filled("\r\n \r", open, close)},
      {"XML, white space before it", Filled(" ", "", "<s/>")},
      {"XML in UTF-16", Filled(std::string("a\0", 2), std::string("\xFF\xFE<\0s\0>\0", 8))},
      {"XML, UTF-16 garbage", Filled("\x3D\xD8", std::string("\xFF\xFE<\0", 4))},
      {"XML in windows-1251",
       Filled("\xE1", "<?xml version='1.0' encoding='cp1251'?><s><v>", close)},
  };
}

std::vector<Shape> Multiparts() {
  const std::string type = "multipart/form-data; boundary=";
  const std::string head = "Content-Disposition: form-data; name=v\r\n";
  const std::string boundary = Fill("b", 250);
  return {
      {"multipart, one value", Filled("x", "--b\r\n" + head + "\r\n", "\r\n--b--"), type + "b"},
      {"multipart, parts", Filled("--b\r\n" + head + "\r\n\r\n", "", "--b--"), type + "b"},
      {"multipart, parts without anything", Filled("--b\r\n", "", "--b--"), type + "b"},
      {"multipart, boundaries alone", Filled("--b\n"), type + "b"},
      {"multipart, headers of one part", Filled("X: y\r\n", "--b\r\n" + head), type + "b"},
      {"multipart, one header", Filled("x", "--b\r\n" + head + "X: "), type + "b"},
      {"multipart, starts of a long boundary",
       Filled("\n--" + Fill("b", 249), "", "\n--" + boundary + "--"), type + boundary},
      {"multipart, boundaries that go on", Filled("\n--" + boundary + "x"), type + boundary},
      {"multipart, boundaries and space", Filled("\n--b  ", "\n--b\n"), type + "b"},
      {"multipart, space after a boundary", Filled(" ", "--b\r\n" + head + "\r\n\r\n--b"),
       type + "b"},
      {"multipart, a boundary of all of it", Filled("b", "--", "\r\nContent-Disposition: x")},
      {"multipart, no boundary", Filled("\n--"), type + "b"},
      {"multipart, line breaks", Filled("\r\n"), type + "b"},
  };
}

std::string Outcome(const Shape& shape, const std::string& body) {
  RawPost post;
  post.body = body;
  post.content_type = shape.content_type;
  const auto fields = Decode(post);
  return fields ? std::to_string(fields->all().size()) + " fields" : fields.error().message;
}

int Run() {
  GrowthTable table("body");
  for (const auto& shapes : {Forms(), Documents(), Multiparts()}) {
    for (const Shape& shape : shapes)
      table.Row(shape.name, shape.make,
                [&](const std::string& body) { return Outcome(shape, body); });
  }
  return table.not_linear() > 0 ? 1 : 0;
}

}  // namespace
}  // namespace relay::bench

int main() {
  return relay::bench::Run();
}
