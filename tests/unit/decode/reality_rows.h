// What may arrive, in rows: a post and what it is read as. Checked by reality_test.cc.
#pragma once

#include <string>
#include <vector>

namespace relay {

struct PostRow {
  std::string content_type;
  std::string body;
  std::string outcome;  // "SessionID=1|Notes=x" or "refused: XML: why"
};

struct ValueRow {
  std::string variable;
  std::string posted;
  std::string value;  // as JSON; "null" where it cannot be read
};

inline std::string Repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

std::vector<PostRow> FormRows();
std::vector<PostRow> XmlRows();
std::vector<PostRow> XmlInFormRows();
std::vector<PostRow> MultipartRows();
std::vector<ValueRow> TimeRows();
std::vector<ValueRow> NumberRows();

}  // namespace relay
