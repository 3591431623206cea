// What an action of type "file" says. Plain values.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/template.h"

namespace relay {

// One JSON value a line.
struct JsonLines {
  std::optional<JsonTemplate> json;  // absent: the whole document
};

struct CsvRows {
  struct Column {
    std::string name;                // as configured: "session.posts"
    std::vector<std::string> steps;  // to the value in the document: "session", "posts"
  };
  std::vector<Column> columns;
  bool header = true;  // a line with the names of the columns begins a file
};

struct FileConfig {
  PlacedTemplate path;
  // What of the path stands before the first value, up to its last "/": it must be there. The
  // folders behind it are made.
  std::string fixed_folder;
  unsigned mode = 0640;
  std::variant<JsonLines, CsvRows> format;
};

}  // namespace relay
