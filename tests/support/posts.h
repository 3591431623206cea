// The posts of tests/data/posts, as the web server would hand them over.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "model/post.h"

namespace relay {

inline std::string ReadTestFile(const std::string& name) {
  std::ifstream file(std::string(RELAY_SOURCE_DIR "/tests/data/") + name, std::ios::binary);
  if (!file) throw std::runtime_error("no test file " + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline RawPost TestPost(const std::string& name) {
  RawPost post;
  post.content_type = name.ends_with(".xml") ? "text/xml" : "application/x-www-form-urlencoded";
  post.body = ReadTestFile("posts/" + name);
  return post;
}

}  // namespace relay
