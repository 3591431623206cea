#include "cli/listing.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace relay {
namespace {

std::string Cell(const Json& row, const std::string& column) {
  const auto found = row.find(column);
  if (found == row.end() || found->is_null()) return "-";
  const std::string text =
      MaskControls(found->is_string() ? found->get<std::string>() : ToText(*found), ' ');
  return text.empty() ? "-" : text;
}

std::string Heading(std::string column) {
  for (char& c : column) c = c == '_' ? ' ' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return column;
}

// Characters, not bytes: names have accents.
std::size_t Width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

void PrintRow(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += cells[i];
    if (i + 1 < cells.size()) line.append(widths[i] + 2 - Width(cells[i]), ' ');
  }
  fmt::print("{}\n", line);
}

}  // namespace

void Listing::Add(const Json& row) {
  if (json_) {
    fmt::print("{}\n", ToText(row));
    return;
  }
  std::vector<std::string> cells;
  for (const std::string& column : columns_) cells.push_back(Cell(row, column));
  rows_.push_back(std::move(cells));
}

void Listing::Finish() const {
  if (json_ || rows_.empty()) return;
  std::vector<std::string> headings;
  for (const std::string& column : columns_) headings.push_back(Heading(column));
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < headings.size(); ++i) {
    std::size_t width = headings[i].size();
    for (const auto& row : rows_) width = std::max(width, Width(row[i]));
    widths.push_back(width);
  }
  PrintRow(headings, widths);
  for (const auto& row : rows_) PrintRow(row, widths);
}

}  // namespace relay
