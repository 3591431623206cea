#include "config/table_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "config/units.h"

namespace relay {
namespace {

std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string nearest = Nearest(word, candidates);
  return nearest.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", nearest);
}

}  // namespace

void ProblemList::Add(int line, const std::string& message) {
  entries_.push_back({line, message});
}

std::vector<std::string> ProblemList::Sorted() const {
  std::vector<Entry> sorted = entries_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Entry& a, const Entry& b) { return a.line < b.line; });
  std::vector<std::string> lines;
  for (const Entry& entry : sorted) {
    lines.push_back(entry.line > 0 ? fmt::format("{}:{}: {}", file_, entry.line, entry.message)
                                   : fmt::format("{}: {}", file_, entry.message));
  }
  return lines;
}

int LineOf(const toml::node& node) {
  return static_cast<int>(node.source().begin.line);
}

TableReader::TableReader(const toml::table* table, std::string where, ProblemList& problems)
    : table_(table), where_(std::move(where)), problems_(problems) {}

const toml::node* TableReader::Find(std::string_view key) {
  known_.emplace_back(key);
  return table_ == nullptr ? nullptr : table_->get(key);
}

void TableReader::Problem(std::string_view key, const std::string& message) {
  const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
  problems_.Add(node == nullptr ? line() : LineOf(*node),
                fmt::format("{}: {}: {}", where_, key, message));
}

std::optional<std::string> TableReader::String(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* text = node->as_string()) return text->get();
  Problem(key, "must be a string");
  return std::nullopt;
}

std::optional<bool> TableReader::Bool(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* value = node->as_boolean()) return value->get();
  Problem(key, "must be true or false");
  return std::nullopt;
}

std::optional<Duration> TableReader::DurationOf(std::string_view key) {
  const auto text = String(key);
  if (!text) return std::nullopt;
  const auto duration = ParseDuration(*text);
  if (!duration || duration->count() == 0) {
    Problem(key, R"(must be a duration such as "10s", "15m", "1h" or "3d")");
    return std::nullopt;
  }
  return duration;
}

std::optional<std::uint64_t> TableReader::SizeOf(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  std::optional<std::uint64_t> size;
  if (const auto* text = node->as_string()) size = ParseSize(text->get());
  if (const auto* bytes = node->as_integer(); bytes != nullptr && bytes->get() >= 0) {
    size = static_cast<std::uint64_t>(bytes->get());
  }
  if (!size) Problem(key, R"(must be a size such as "16MiB")");
  return size;
}

std::optional<int> TableReader::IntegerIn(std::string_view key, int least, int most) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_integer();
  if (value != nullptr && value->get() >= least && value->get() <= most) {
    return static_cast<int>(value->get());
  }
  Problem(key, fmt::format("must be a whole number from {} to {}", least, most));
  return std::nullopt;
}

const toml::table* TableReader::Table(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return nullptr;
  if (const auto* table = node->as_table()) return table;
  Problem(key, "must be a table");
  return nullptr;
}

std::vector<std::string> TableReader::Strings(std::string_view key) {
  std::vector<std::string> texts;
  const toml::node* node = Find(key);
  if (node == nullptr) return texts;
  const toml::array* list = node->as_array();
  if (list == nullptr) {
    Problem(key, "must be a list of texts");
    return texts;
  }
  for (const toml::node& item : *list) {
    const auto* text = item.as_string();
    if (text == nullptr || text->get().empty()) {
      problems_.Add(LineOf(item), fmt::format("{}: {}: must be a list of texts, none of them empty",
                                              where_, key));
    } else {
      texts.push_back(text->get());
    }
  }
  return texts;
}

std::optional<std::size_t> TableReader::OneOf(std::string_view key,
                                              const std::vector<std::string>& words) {
  const auto word = String(key);
  if (!word) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), *word);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  Problem(key, fmt::format("must be one of \"{}\"{}", fmt::join(words, "\", \""),
                           DidYouMean(*word, words)));
  return std::nullopt;
}

void TableReader::Unavailable(std::string_view key) {
  if (Find(key) != nullptr) Problem(key, "is not available in this version");
}

void TableReader::Finish() {
  if (table_ == nullptr) return;
  for (const auto& [key, node] : *table_) {
    if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
    const auto line = static_cast<int>(key.source().begin.line);
    problems_.Add(line, fmt::format("{}unknown key \"{}\"{}", where_.empty() ? "" : where_ + ": ",
                                    key.str(), DidYouMean(key.str(), known_)));
  }
}

}  // namespace relay
