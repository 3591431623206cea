// Prints rows as JSON, one object a line, or as a table with a heading.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "cli/options.h"

namespace relay {

class Listing {
 public:
  // `columns` are the members of each row that the table shows, in this order.
  Listing(const Options& options, std::vector<std::string> columns)
      : json_(options.json), columns_(std::move(columns)) {}

  // JSON goes out at once, table rows wait for Finish().
  void Add(const Json& row);
  void Finish() const;

 private:
  bool json_;
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace relay
