#include "action/file_action.h"

#include <fmt/format.h>

#include <algorithm>

#include "action/csv.h"
#include "action/line_file.h"
#include "action/mask.h"
#include "action/whole_lines.h"

namespace relay {
namespace {

// The line that begins a file: what people call the columns.
std::string HeaderOf(const FileConfig& file, const Labels& labels) {
  const auto* csv = std::get_if<CsvRows>(&file.format);
  if (csv == nullptr || !csv->header) return "";
  CsvRow row;
  for (const CsvRows::Column& column : csv->columns) {
    const auto label = labels.find(column.name);
    row.Add(label == labels.end() ? column.name : label->second);
  }
  return std::move(row).Finish();
}

// null where the document has nothing there.
const Json& Find(const Json& document, const std::vector<std::string>& steps) {
  static const Json kNothing;
  const Json* value = &document;
  for (const std::string& step : steps) {
    const auto found = value->find(step);
    if (!value->is_object() || found == value->end()) return kNothing;
    value = &*found;
  }
  return *value;
}

std::string RowOf(const CsvRows& csv, const Json& document) {
  CsvRow row;
  for (const CsvRows::Column& column : csv.columns) row.Add(Find(document, column.steps));
  return std::move(row).Finish();
}

// For people, who need not see the CR of a CRLF.
std::string Shown(std::string line) {
  if (line.ends_with("\r\n")) line.erase(line.size() - 2, 1);
  return line;
}

// What a value of its own cannot do, an empty one in the wrong place can: "/a/{{ .x }}/b" would be
// "/a//b", "/a/..{{ .x }}/b" would be "/b".
bool HasOddName(const std::string& path) {
  for (std::size_t from = 1; from <= path.size();) {
    const std::size_t end = std::min(path.find('/', from), path.size());
    const std::string_view name = std::string_view(path).substr(from, end - from);
    if (name.empty() || name == "." || name == "..") return true;
    from = end + 1;
  }
  return false;
}

}  // namespace

FileAction::FileAction(const ActionConfig& config, const FileConfig& file,
                       const Surroundings& surroundings, Program program)
    : config_(config),
      file_(file),
      surroundings_(surroundings),
      program_(std::move(program)),
      header_(HeaderOf(file, surroundings.config.view.labels)) {}

Result<std::string> FileAction::RenderPath(Rendering& rendering) const {
  auto path = rendering.Text(file_.path, Destination::Path);
  if (path && HasOddName(*path)) {
    return Error{ErrorKind::Permanent,
                 file_.path.place + R"(: a name in it is empty, "." or "..")"};
  }
  return path;
}

Result<std::string> FileAction::RenderLine(const Work& work, Rendering& rendering) const {
  if (const auto* csv = std::get_if<CsvRows>(&file_.format)) return RowOf(*csv, work.document);
  const auto& json = std::get<JsonLines>(file_.format).json;
  if (!json) return ToText(work.document) + "\n";
  auto value = rendering.Value(*json);
  if (!value) return value.error();
  return ToText(*value) + "\n";
}

Result<FileAction::Entry> FileAction::Render(const Work& work) {
  Rendering rendering(program_, work.document, surroundings_.config.secrets);
  auto path = RenderPath(rendering);
  if (!path) return path.error();
  auto line = RenderLine(work, rendering);
  if (!line) return line.error();
  return Entry{std::move(*path), std::move(*line)};
}

Result<Preview> FileAction::Describe(const Work& work) {
  const Json& secrets = surroundings_.config.secrets;
  auto entry = Render(work);
  if (!entry) return entry.error();
  Preview preview;
  preview.text = fmt::format("{}\n\n", entry->path);
  if (!header_.empty()) preview.text += "# a file that is empty begins with\n" + Shown(header_);
  preview.text = MaskSecrets(preview.text + Shown(entry->line), secrets);
  preview.json = {{"path", MaskSecrets(std::move(entry->path), secrets)},
                  {"header", header_.empty() ? Json() : Json(header_)},
                  {"line", MaskSecrets(std::move(entry->line), secrets)}};
  return preview;
}

Outcome FileAction::Run(const Work& work) {
  const Patience patience(config_.timeout, surroundings_.stop);
  const auto entry = Render(work);
  if (!entry) return {OutcomeKind::Dead, entry.error().message, {}};
  const bool is_csv = std::holds_alternative<CsvRows>(file_.format);
  const LineFile target{entry->path, file_.fixed_folder, file_.mode, header_,
                        is_csv ? EndOfWholeRows : EndOfWholeLines};
  const auto appended = AppendLine(target, entry->line, patience);
  if (appended) return {OutcomeKind::Done, "", {}, Reach::Answered};
  std::string reason = fmt::format("{}: {}", file_.path.place, appended.error().message);
  if (appended.error().kind == ErrorKind::Permanent) {
    return {OutcomeKind::Dead, std::move(reason), {}};
  }
  if (surroundings_.stop) return {OutcomeKind::Interrupted, std::move(reason), {}};
  return {OutcomeKind::Retry, std::move(reason), {}, Reach::Failed};
}

}  // namespace relay
