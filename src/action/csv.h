// Rows of CSV by RFC 4180, which a spreadsheet opens without running what was posted. Pure; any
// thread.
#pragma once

#include <string>

#include "base/json.h"

namespace relay {

// Cells in order, then Finish().
//
// Text that a spreadsheet would take for a formula (it begins with = + - @ TAB or CR) gets a "'" in
// front; numbers do not. null is empty, lists and objects are JSON. The first cell is always
// quoted: that is how the beginning of a row is known (action/whole_lines.h).
class CsvRow {
 public:
  void Add(const Json& value);
  // The row with its line end, CRLF.
  std::string Finish() &&;

 private:
  std::string text_;
};

}  // namespace relay
