#include "action/rendering.h"

namespace relay {

Result<std::vector<Json>> Rendering::Values(const PlacedTemplate& placed) {
  std::vector<Json> values;
  for (std::size_t i = 0; i < placed.text.expressions().size(); ++i) {
    auto value = Value(placed.first + i);
    if (!value) return value.error().Context(placed.place);
    values.push_back(std::move(*value));
  }
  return values;
}

Result<std::string> Rendering::Text(const PlacedTemplate& placed, Destination destination) {
  auto values = Values(placed);
  if (!values) return values.error();
  auto text = placed.text.Render(*values, destination);
  if (!text) return text.error().Context(placed.place);
  return text;
}

Result<Json> Rendering::Value(const PlacedTemplate& placed) {
  auto values = Values(placed);
  if (!values) return values.error();
  if (placed.text.is_one_expression()) return std::move(values->front());
  auto text = placed.text.Render(*values, Destination::Body);
  if (!text) return text.error().Context(placed.place);
  return Json(std::move(*text));
}

Result<Json> Rendering::Value(const JsonTemplate& json) {
  Json rendered = json.value;
  for (const JsonTemplate::Part& part : json.parts) {
    auto value = Value(part.text);
    if (!value) return value.error();
    rendered[part.where] = std::move(*value);
  }
  return rendered;
}

Result<bool> Rendering::Holds(ExpressionNumber expression) {
  const auto value = Value(expression);
  if (!value) return value.error();
  return !value->is_null() && *value != false;
}

}  // namespace relay
