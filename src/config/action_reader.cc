#include "config/action_reader.h"

#include <fmt/format.h>

#include <sstream>

namespace relay {
namespace {

std::string DateText(const toml::node& node) {
  std::ostringstream date;
  node.visit([&](const auto& value) {
    if constexpr (toml::is_date<decltype(value)> || toml::is_time<decltype(value)> ||
                  toml::is_date_time<decltype(value)>) {
      date << value.get();
    }
  });
  return date.str();
}

}  // namespace

ExpressionNumber ActionReader::AddExpression(const std::string& name, int line, std::string text) {
  expressions_.push_back({place_ + name, line, std::move(text)});
  return expressions_.size() - 1;
}

std::optional<ExpressionNumber> ActionReader::Expression(std::string_view key) {
  auto text = String(key);
  if (!text) return std::nullopt;
  return AddExpression(std::string(key), LineOf(*Find(key)), std::move(*text));
}

PlacedTemplate ActionReader::ParseTemplate(const toml::node& node, const std::string& name) {
  PlacedTemplate placed{place_ + name, LineOf(node), {}, expressions_.size()};
  const auto* text = node.as_string();
  if (text == nullptr) {
    problems().Add(placed.line, fmt::format("{}: {}: must be a string", where(), name));
    return placed;
  }
  auto parsed = TextTemplate::Parse(text->get());
  if (!parsed) {
    problems().Add(placed.line, fmt::format("{}: {}: {}", where(), name, parsed.error().message));
    return placed;
  }
  placed.text = std::move(*parsed);
  for (const std::string& expression : placed.text.expressions()) {
    expressions_.push_back({placed.place, placed.line, expression});
  }
  return placed;
}

std::optional<PlacedTemplate> ActionReader::Template(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  return ParseTemplate(*node, std::string(key));
}

PlacedTemplate ActionReader::RequiredTemplate(std::string_view key) {
  if (auto found = Template(key)) return std::move(*found);
  Problem(key, "is missing");
  return {};
}

std::vector<NamedTemplate> ActionReader::Templates(std::string_view key) {
  std::vector<NamedTemplate> templates;
  const toml::table* table = Table(key);
  if (table == nullptr) return templates;
  for (const auto& [name, node] : *table) {
    templates.push_back(
        {std::string(name.str()), ParseTemplate(node, fmt::format("{}.{}", key, name.str()))});
  }
  return templates;
}

std::vector<PlacedTemplate> ActionReader::TemplateList(std::string_view key) {
  std::vector<PlacedTemplate> templates;
  const toml::node* node = Find(key);
  if (node == nullptr) return templates;
  const toml::array* list = node->as_array();
  if (list == nullptr) {
    templates.push_back(ParseTemplate(*node, std::string(key)));
    return templates;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    templates.push_back(ParseTemplate((*list)[i], fmt::format("{}[{}]", key, i)));
  }
  return templates;
}

ActionReader ActionReader::Within(std::string_view key, const toml::table* table) {
  return {table, fmt::format("{}: {}", where(), key), fmt::format("{}{}.", place_, key), problems(),
          expressions_};
}

std::optional<JsonTemplate> ActionReader::JsonOf(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  JsonTemplate json;
  json.value = LoadJson(*node, Json::json_pointer(), std::string(key), json);
  return json;
}

Json ActionReader::LoadJson(const toml::node& node, const Json::json_pointer& where,
                            const std::string& name, JsonTemplate& target) {
  if (const auto* table = node.as_table()) {
    Json object = Json::object();
    for (const auto& [key, member] : *table) {
      const std::string member_name(key.str());
      object[member_name] = LoadJson(member, where / member_name, name + "." + member_name, target);
    }
    return object;
  }
  if (const auto* array = node.as_array()) {
    Json list = Json::array();
    for (std::size_t i = 0; i < array->size(); ++i) {
      list.push_back(LoadJson((*array)[i], where / i, fmt::format("{}[{}]", name, i), target));
    }
    return list;
  }
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* boolean = node.as_boolean()) return boolean->get();
  if (node.as_string() == nullptr) return DateText(node);
  PlacedTemplate placed = ParseTemplate(node, name);
  if (!placed.text.expressions().empty()) target.parts.push_back({where, std::move(placed)});
  return node.as_string()->get();
}

}  // namespace relay
