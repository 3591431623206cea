#include "config/load_http.h"

#include <fmt/format.h>

#include "base/private_file.h"
#include "config/load_http_auth.h"

namespace relay {
namespace {

// name = "text", or name = { value = "...", filename = "...", type = "..." }.
MultipartBody::Part LoadPart(ActionReader& body, const std::string& name, const toml::node& node) {
  if (node.as_table() == nullptr) return {name, body.ParseTemplate(node, name), {}, ""};
  ActionReader part = body.Within(name, node.as_table());
  MultipartBody::Part loaded{name, part.RequiredTemplate("value"), part.Template("filename"),
                             part.String("type").value_or("")};
  part.Finish();
  return loaded;
}

MultipartBody LoadMultipart(ActionReader& step) {
  MultipartBody loaded;
  const toml::table* table = step.Table("multipart");
  if (table == nullptr) return loaded;
  ActionReader body = step.Within("multipart", table);
  for (const auto& [name, node] : *table) {
    loaded.parts.push_back(LoadPart(body, std::string(name.str()), node));
  }
  return loaded;
}

HttpBody LoadBody(ActionReader& step) {
  std::vector<HttpBody> bodies;
  if (auto json = step.JsonOf("json")) bodies.emplace_back(JsonBody{std::move(*json)});
  if (step.Find("form") != nullptr) bodies.emplace_back(FormBody{step.Templates("form")});
  if (auto xml = step.Template("xml")) bodies.emplace_back(XmlBody{std::move(*xml)});
  if (auto text = step.Template("text")) bodies.emplace_back(TextBody{std::move(*text)});
  if (step.Find("multipart") != nullptr) bodies.emplace_back(LoadMultipart(step));
  if (bodies.empty()) return {};
  if (bodies.size() > 1) {
    step.problems().Add(step.line(), step.where() +
                                         ": only one of json, form, xml, text and "
                                         "multipart can be the body");
  }
  return std::move(bodies.front());
}

// What an action of one request says without [[step]].
HttpStep LoadRequest(ActionReader& reader) {
  HttpStep step;
  step.place = reader.place();
  step.method = reader.String("method").value_or(step.method);
  step.url = reader.RequiredTemplate("url");
  step.body = LoadBody(reader);
  step.success = reader.Expression("success");
  step.already_done = reader.Expression("already_done");
  step.not_found = reader.Expression("not_found");
  step.try_later = reader.Expression("try_later");
  step.refused = reader.Expression("refused");
  return step;
}

void LoadExtract(ActionReader& reader, HttpStep& step) {
  const toml::table* table = reader.Table("extract");
  if (table == nullptr) return;
  for (const auto& [key, node] : *table) {
    const std::string name(key.str());
    const auto* text = node.as_string();
    if (text == nullptr) {
      reader.Problem("extract", name + ": must be a jq expression");
      continue;
    }
    step.extract.push_back(
        {name, reader.AddExpression("extract." + name, LineOf(node), text->get())});
  }
}

HttpStep LoadStep(ActionReader& reader) {
  HttpStep step = LoadRequest(reader);
  step.when = reader.Expression("when");
  step.headers = reader.Templates("headers");
  LoadExtract(reader, step);
  step.dedup = reader.Bool("dedup").value_or(false);
  step.optional = reader.Bool("optional").value_or(false);
  reader.Finish();
  return step;
}

std::vector<HttpStep> LoadSteps(ActionReader& action, const toml::array& list) {
  std::vector<HttpStep> steps;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string name = fmt::format("step {}", i + 1);
    if (list[i].as_table() == nullptr) {
      action.Problem("step", "must be tables: [[action.NAME.step]]");
      return steps;
    }
    ActionReader reader(list[i].as_table(), action.where() + ": " + name, name + ": ",
                        action.problems(), action.expressions());
    steps.push_back(LoadStep(reader));
  }
  return steps;
}

}  // namespace

HttpConfig LoadHttp(ActionReader& action) {
  HttpConfig http;
  http.headers = action.Templates("headers");
  const toml::node* list = action.Find("step");
  if (list == nullptr) {
    http.steps.push_back(LoadRequest(action));
  } else if (list->as_array() == nullptr || list->as_array()->empty()) {
    action.Problem("step", "must be tables: [[action.NAME.step]]");
  } else {
    http.steps = LoadSteps(action, *list->as_array());
  }
  http.auth = LoadHttpAuth(action);
  http.ca_file = action.String("ca_file").value_or("");
  http.client_cert = action.String("client_cert").value_or("");
  http.client_key = action.String("client_key").value_or("");
  if (const std::string why = WhyNotPrivate(http.client_key); !why.empty()) {
    action.Problem("client_key", why);
  }
  auto hosts = HostRules::Parse(action.Strings("allow_hosts"));
  if (hosts) {
    http.hosts = std::move(*hosts);
  } else {
    action.Problem("allow_hosts", hosts.error().message);
  }
  return http;
}

}  // namespace relay
