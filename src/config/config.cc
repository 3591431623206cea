#include "config/config.h"

namespace relay {

const ActionConfig* Config::FindAction(const std::string& name) const {
  for (const ActionConfig& action : actions) {
    if (action.name == name) return &action;
  }
  return nullptr;
}

std::vector<const PlacedTemplate*> TemplatesOf(const HttpConfig& http) {
  std::vector<const PlacedTemplate*> all{&http.url};
  for (const NamedTemplate& header : http.headers) all.push_back(&header.value);
  if (http.json) {
    for (const JsonTemplate::Part& part : http.json->parts) all.push_back(&part.text);
  }
  if (http.form) {
    for (const NamedTemplate& field : *http.form) all.push_back(&field.value);
  }
  if (http.text) all.push_back(&*http.text);
  if (http.basic) all.insert(all.end(), {&http.basic->username, &http.basic->password});
  if (http.bearer) all.push_back(&*http.bearer);
  return all;
}

}  // namespace relay
