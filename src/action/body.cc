#include "action/body.h"

#include "base/text.h"

namespace relay {
namespace {

Result<Body> RenderJsonBody(const JsonTemplate& json, RenderedValues& values) {
  Json rendered = json.value;
  for (const JsonTemplate::Part& part : json.parts) {
    auto value = values.RenderJson(part.text);
    if (!value) return value.error();
    rendered[part.where] = std::move(*value);
  }
  return Body{ToText(rendered), "application/json"};
}

Result<Body> RenderForm(const std::vector<NamedTemplate>& form, RenderedValues& values) {
  std::string text;
  for (const NamedTemplate& field : form) {
    auto value = values.Render(field.value, Destination::Body);
    if (!value) return value.error();
    if (!text.empty()) text += '&';
    text += PercentEncode(field.name) + '=' + PercentEncode(*value);
  }
  return Body{std::move(text), "application/x-www-form-urlencoded"};
}

Result<Body> RenderText(const PlacedTemplate& text, RenderedValues& values) {
  auto rendered = values.Render(text, Destination::Body);
  if (!rendered) return rendered.error();
  return Body{std::move(*rendered), "text/plain; charset=utf-8"};
}

Result<std::optional<Body>> Some(Result<Body> body) {
  if (!body) return body.error();
  return std::optional(std::move(*body));
}

}  // namespace

Result<std::vector<Json>> RenderedValues::Next(const PlacedTemplate& placed) {
  std::vector<Json> values;
  std::optional<Error> failed;
  for (std::size_t i = 0; i < placed.text.expressions().size(); ++i, ++next_) {
    const Result<Json>& value = values_.at(next_);
    if (!value && !failed) failed = value.error().Context(placed.place);
    if (value) values.push_back(*value);
  }
  if (failed) return *failed;
  return values;
}

Result<std::string> RenderedValues::Render(const PlacedTemplate& placed, Destination destination) {
  auto values = Next(placed);
  if (!values) return values.error();
  auto text = placed.text.Render(*values, destination);
  if (!text) return text.error().Context(placed.place);
  return text;
}

Result<Json> RenderedValues::RenderJson(const PlacedTemplate& placed) {
  auto values = Next(placed);
  if (!values) return values.error();
  if (placed.text.is_one_expression()) return std::move(values->front());
  auto text = placed.text.Render(*values, Destination::Body);
  if (!text) return text.error().Context(placed.place);
  return Json(std::move(*text));
}

Result<std::optional<Body>> RenderBody(const HttpConfig& http, RenderedValues& values) {
  if (http.json) return Some(RenderJsonBody(*http.json, values));
  if (http.form) return Some(RenderForm(*http.form, values));
  if (http.text) return Some(RenderText(*http.text, values));
  return std::optional<Body>();
}

}  // namespace relay
