// Reads one TOML table key by key and remembers which keys it was asked for: all others are
// mistakes, and the nearest of those asked for is what was probably meant.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace relay {

// Collects what is wrong, sorted by line.
class ProblemList {
 public:
  explicit ProblemList(std::string file) : file_(std::move(file)) {}
  void Add(int line, const std::string& message);
  std::vector<std::string> Sorted() const;
  const std::string& file() const { return file_; }

 private:
  struct Entry {
    int line;
    std::string message;
  };
  std::string file_;
  std::vector<Entry> entries_;
};

int LineOf(const toml::node& node);

class TableReader {
 public:
  // `where` names the table in messages: `action "crm"`. A null table has no keys.
  TableReader(const toml::table* table, std::string where, ProblemList& problems);
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;

  // Absent where the key is not there or, with a problem noted, has another type.
  const toml::node* Find(std::string_view key);
  std::optional<std::string> String(std::string_view key);
  std::optional<bool> Bool(std::string_view key);
  std::optional<Duration> DurationOf(std::string_view key);
  std::optional<std::uint64_t> SizeOf(std::string_view key);
  std::optional<int> IntegerIn(std::string_view key, int least, int most);
  const toml::table* Table(std::string_view key);
  // A list of texts that are not empty; empty where the key is not there.
  std::vector<std::string> Strings(std::string_view key);
  // One of a few words; the answer is its place in the list.
  std::optional<std::size_t> OneOf(std::string_view key, const std::vector<std::string>& words);

  // A key of the documentation that this version cannot do yet.
  void Unavailable(std::string_view key);
  // Notes a problem at the line of a key, or of the table where the key is missing.
  void Problem(std::string_view key, const std::string& message);
  // To be called last: every key that nobody asked for is a problem.
  void Finish();

  int line() const { return table_ == nullptr ? 0 : LineOf(*table_); }
  const std::string& where() const { return where_; }
  ProblemList& problems() { return problems_; }

 private:
  const toml::table* table_;
  std::string where_;
  ProblemList& problems_;
  std::vector<std::string> known_;
};

}  // namespace relay
