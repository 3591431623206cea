// Reads the tables of one action, and gives every expression in them its number. Part of
// LoadConfig.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/action_config.h"
#include "config/table_reader.h"

namespace relay {

// One table of an action: the action itself, or one within it. Expressions and templates go to the
// list of the action.
class ActionReader : public TableReader {
 public:
  // `place` stands before the names of keys in messages: "step 2: ". The others must outlive this.
  ActionReader(const toml::table* table, std::string where, std::string place,
               ProblemList& problems, std::vector<PlacedExpression>& expressions)
      : TableReader(table, std::move(where), problems),
        place_(std::move(place)),
        expressions_(expressions) {}

  // Absent where the key is not there; with a problem noted, what is returned does not count.
  std::optional<ExpressionNumber> Expression(std::string_view key);
  std::optional<PlacedTemplate> Template(std::string_view key);
  PlacedTemplate RequiredTemplate(std::string_view key);
  // A table of texts.
  std::vector<NamedTemplate> Templates(std::string_view key);
  // A text or a list of texts.
  std::vector<PlacedTemplate> TemplateList(std::string_view key);
  std::optional<JsonTemplate> JsonOf(std::string_view key);

  PlacedTemplate ParseTemplate(const toml::node& node, const std::string& name);
  ExpressionNumber AddExpression(const std::string& name, int line, std::string text);
  // A table within this one, for messages named by its key.
  ActionReader Within(std::string_view key, const toml::table* table);

  const std::string& place() const { return place_; }
  std::vector<PlacedExpression>& expressions() { return expressions_; }

 private:
  Json LoadJson(const toml::node& node, const Json::json_pointer& where, const std::string& name,
                JsonTemplate& target);

  std::string place_;
  std::vector<PlacedExpression>& expressions_;
};

}  // namespace relay
