#include "config/load_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "model/variables.h"
#include "session/document.h"

namespace relay {
namespace {

std::vector<std::string> Split(const std::string& dotted) {
  std::vector<std::string> steps;
  for (std::size_t from = 0; from <= dotted.size();) {
    const std::size_t dot = std::min(dotted.find('.', from), dotted.size());
    steps.push_back(dotted.substr(from, dot - from));
    from = dot + 1;
  }
  return steps;
}

CsvRows::Column ColumnOf(const std::string& name) {
  return {name, Split(name)};
}

std::vector<CsvRows::Column> AllColumns() {
  std::vector<CsvRows::Column> columns;
  for (const char* name : {"post_id", "received_at", "event"}) columns.push_back(ColumnOf(name));
  for (const Variable& variable : kVariables) {
    columns.push_back(ColumnOf(std::string(variable.name)));
  }
  columns.push_back(ColumnOf("transcript"));
  return columns;
}

// A name that no post has would be an empty column for ever.
void CheckColumn(const CsvRows::Column& column, ActionReader& action) {
  const std::vector<std::string> members = DocumentMembers();
  if (std::find(column.steps.begin(), column.steps.end(), "") != column.steps.end()) {
    return action.Problem("columns", fmt::format("\"{}\" has an empty part", column.name));
  }
  const std::string& first = column.steps.front();
  if (std::find(members.begin(), members.end(), first) != members.end()) return;
  const std::string nearest = Nearest(first, members);
  const std::string hint = nearest.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", nearest);
  action.Problem("columns", fmt::format("a post has no \"{}\"{}", first, hint));
}

CsvRows LoadCsv(ActionReader& action) {
  CsvRows csv;
  const bool chosen = action.Find("columns") != nullptr;
  for (const std::string& name : action.Strings("columns")) {
    csv.columns.push_back(ColumnOf(name));
    CheckColumn(csv.columns.back(), action);
  }
  if (!chosen) csv.columns = AllColumns();
  if (csv.columns.empty()) action.Problem("columns", "must name one at least");
  csv.header = action.Bool("header").value_or(csv.header);
  if (action.Find("json") != nullptr) action.Problem("json", R"(goes with format = "jsonl")");
  return csv;
}

JsonLines LoadJsonLines(ActionReader& action) {
  for (const char* key : {"columns", "header"}) {
    if (action.Find(key) != nullptr) action.Problem(key, R"(goes with format = "csv")");
  }
  return {action.JsonOf("json")};
}

unsigned LoadMode(ActionReader& action, unsigned otherwise) {
  const auto text = action.String("mode");
  if (!text) return otherwise;
  constexpr unsigned kMost = 0777;
  constexpr unsigned kOwner = 0600;  // what we append to we must be able to look at
  unsigned mode = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, mode, 8);
  if (error != std::errc() || stop != end || mode > kMost || (mode & kOwner) != kOwner) {
    action.Problem("mode",
                   R"(must be an octal mode such as "0640", which lets the owner read and write)");
  }
  return mode;
}

void LoadPath(ActionReader& action, FileConfig& file) {
  file.path = action.RequiredTemplate("path");
  const toml::node* node = action.Find("path");
  if (node == nullptr || node->as_string() == nullptr) return;
  const std::string& text = node->as_string()->get();
  const std::string fixed = text.substr(0, text.find("{{"));
  if (!fixed.starts_with('/')) {
    return action.Problem("path", R"(must be absolute: it must begin with "/")");
  }
  if (text.ends_with('/')) return action.Problem("path", "must name a file, not a folder");
  file.fixed_folder = fixed.substr(0, std::max<std::size_t>(fixed.rfind('/'), 1));
}

}  // namespace

FileConfig LoadFile(ActionReader& action) {
  FileConfig file;
  LoadPath(action, file);
  file.mode = LoadMode(action, file.mode);
  const bool is_csv = action.OneOf("format", {"jsonl", "csv"}).value_or(0) == 1;
  if (is_csv) {
    file.format = LoadCsv(action);
  } else {
    file.format = LoadJsonLines(action);
  }
  return file;
}

}  // namespace relay
