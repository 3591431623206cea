#include "decode/xml_scan.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

std::string Prepare(const std::string& document) {
  const Result<std::string> prepared = PrepareXml(document, {});
  return prepared ? *prepared : "error: " + prepared.error().message;
}

std::string Repeat(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(XmlScan, KeepsElementsTextAndCData) {
  for (const std::string document :
       {"<a/>", "<a></a>", "<a>\n  <b>x</b>\n</a>", "<a><b>1<![CDATA[<2>&#x]]>3</b></a>",
        "<a b='>' c=\"'/>\"><d/></a>", "<a><b>&lt;&amp;&gt;&quot;&apos;</b></a>"})
    EXPECT_EQ(Prepare(document), document);
}

TEST(XmlScan, LeavesOutWhatIsNoData) {
  EXPECT_EQ(Prepare("\n<?xml version=\"1.0\"?>\n<!-- <x> --><a><?p <y>?><b>1<!---->2</b></a>\n"),
            "<a><b>12</b></a>");
}

TEST(XmlScan, KeepsWhiteSpaceThatOpensAValue) {
  EXPECT_EQ(Prepare("<a><b>  </b><c>\n1 </c><d>1 <![CDATA[2]]> </d></a>"),
            "<a><b>&#32; </b><c>&#10;1 </c><d>1 <![CDATA[2]]>&#32;</d></a>");
}

TEST(XmlScan, EscapesWhatIsNoReferenceToACharacter) {
  const struct {
    const char* text;
    bool reference;
  } rows[] = {
      {"&", false},          {"&;", false},          {"&nbsp;", false},
      {"&amp", false},       {"&AMP;", false},       {"& amp;", false},
      {"&lt;", true},        {"&#65;", true},        {"&#x41;", true},
      {"&#X41;", false},     {"&#;", false},         {"&#x;", false},
      {"&#0;", false},       {"&#x0;", false},       {"&#1;", true},
      {"&#xD800;", false},   {"&#xDFFF;", false},    {"&#xE000;", true},
      {"&#1114111;", true},  {"&#1114112;", false},  {"&#x10FFFF;", true},
      {"&#x110000;", false}, {"&#-5;", false},       {"&#6 5;", false},
      {"&#65", false},       {"&#", false},          {"&#00000000000065;", false},
      {"&#x000041;", true},  {"&#99999999;", false},
  };
  for (const auto& row : rows) {
    const std::string text = row.text;
    const std::string expected = row.reference ? text : "&amp;" + text.substr(1);
    EXPECT_EQ(Prepare("<a><b>" + text + "</b></a>"), "<a><b>" + expected + "</b></a>");
  }
}

TEST(XmlScan, RefusesWhatWouldBeReadInPart) {
  const struct {
    const char* document;
    const char* why;
  } rows[] = {
      {"", "has no root element"},
      {" ", "has no root element"},
      {"<!-- only -->", "has no root element"},
      {"secret<a/>", "has text outside its root element"},
      {"<a/>secret", "has text outside its root element"},
      {"<a></a>&#65;", "has text outside its root element"},
      {"<a/><![CDATA[secret]]>", "has text outside its root element"},
      {"<a/><b/>", "has more than one root element"},
      {"<a></a><b></b>", "has more than one root element"},
      {"<a></a></a>", "closes an element that is not open"},
      {"<a>", "ends inside an element"},
      {"<a><b></b>", "ends inside an element"},
      {"<a><b>secret", "ends inside an element"},
      {"<a><b", "ends inside a tag"},
      {"<a></", "ends inside a tag"},
      {"<a><", "ends inside a tag"},
      {"<a b='></a>", "ends inside a tag"},
      {"<a><!-- ", "ends inside a comment or an instruction"},
      {"<a><!--></a>", "ends inside a comment or an instruction"},
      {"<a><?p ", "ends inside a comment or an instruction"},
      {"<a><![CDATA[secret]]", "ends inside a CDATA section"},
      {"<a>1 < 2</a>", "holds a \"<\" that opens no tag"},
      {"<a>< /a>", "holds a \"<\" that opens no tag"},
      {"<a></ a>", "holds a \"<\" that opens no tag"},
      {"<1/>", "holds a \"<\" that opens no tag"},
      {"<!DOCTYPE a><a/>", "holds a DOCTYPE or another declaration"},
      {"<!doctype a [<!ENTITY b \"c\">]><a>&b;</a>", "holds a DOCTYPE or another declaration"},
      {"<a><!ELEMENT b></a>", "holds a DOCTYPE or another declaration"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(Prepare(row.document), std::string("error: ") + row.why) << row.document;
}

TEST(XmlScan, RefusesNul) {
  EXPECT_EQ(Prepare(std::string("<a/>\0", 5)), "error: holds a NUL character");
}

TEST(XmlScan, BoundsAttributesAndTheLengthOfATag) {
  EXPECT_EQ(Prepare("<a " + Repeat("b=''", 257) + "/>"),
            "error: has a tag with more than 256 attributes");
  EXPECT_EQ(Prepare("<a b='" + Repeat("x", 70'000) + "'/>"),
            "error: has a tag of more than 65536 bytes");
  EXPECT_EQ(Prepare("<a b='" + Repeat("=", 1000) + "'/>").substr(0, 5), "<a b=");
}

TEST(XmlScan, BoundsMarkupButNotTheTextOfCData) {
  EXPECT_EQ(Prepare("<a>" + Repeat("<b/>", 100'000) + "</a>"), "error: has more than 100000 tags");
  const std::string script = "<a><b><![CDATA[" + Repeat("<x>", 200'000) + "]]></b></a>";
  EXPECT_EQ(Prepare(script), script);
}

TEST(XmlScan, BoundsNamesAndNesting) {
  const std::string longest(1024, 'n');
  EXPECT_EQ(Prepare("<" + longest + "></" + longest + ">"), "<" + longest + "></" + longest + ">");
  EXPECT_EQ(Prepare("<a><" + longest + "n/></a>"), "error: has a name of more than 1024 bytes");
  EXPECT_EQ(Prepare("<a></" + longest + "n>"), "error: has a name of more than 1024 bytes");
  const std::string deepest = Repeat("<a>", 64) + Repeat("</a>", 64);
  EXPECT_EQ(Prepare(deepest), deepest);
  EXPECT_EQ(Prepare(Repeat("<a>", 65) + Repeat("</a>", 65)),
            "error: is nested more than 64 elements deep");
  EXPECT_EQ(Prepare(Repeat("<a>", 64) + "<b/>" + Repeat("</a>", 64)),
            "error: is nested more than 64 elements deep");
}

}  // namespace
}  // namespace relay
