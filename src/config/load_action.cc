#include "config/load_action.h"

#include <fmt/format.h>

#include <sstream>

namespace relay {
namespace {

constexpr std::string_view kTypes[] = {"http", "email", "database", "file", "exec"};

PlacedTemplate ParseTemplate(const toml::node& node, const std::string& place,
                             const TableReader& action, ProblemList& problems) {
  PlacedTemplate placed{place, LineOf(node), {}};
  const auto* text = node.as_string();
  if (text == nullptr) {
    problems.Add(placed.line, fmt::format("{}: {}: must be a string", action.where(), place));
    return placed;
  }
  auto parsed = TextTemplate::Parse(text->get());
  if (parsed) {
    placed.text = std::move(*parsed);
  } else {
    problems.Add(placed.line,
                 fmt::format("{}: {}: {}", action.where(), place, parsed.error().message));
  }
  return placed;
}

std::optional<PlacedTemplate> LoadTemplate(TableReader& action, std::string_view key,
                                           const std::string& place) {
  const toml::node* node = action.Find(key);
  if (node == nullptr) return std::nullopt;
  return ParseTemplate(*node, place, action, action.problems());
}

// A table whose values are all templates: headers, form.
std::vector<NamedTemplate> LoadTemplates(TableReader& action, std::string_view key) {
  std::vector<NamedTemplate> templates;
  const toml::table* table = action.Table(key);
  if (table == nullptr) return templates;
  for (const auto& [name, node] : *table) {
    const std::string place = fmt::format("{}.{}", key, name.str());
    templates.push_back(
        {std::string(name.str()), ParseTemplate(node, place, action, action.problems())});
  }
  return templates;
}

// Turns TOML into JSON and collects the strings that hold expressions.
class JsonLoader {
 public:
  JsonLoader(TableReader& action, JsonTemplate& target) : action_(action), target_(target) {}

  Json Load(const toml::node& node, const Json::json_pointer& where, const std::string& place) {
    if (const auto* table = node.as_table()) return LoadTable(*table, where, place);
    if (const auto* array = node.as_array()) return LoadArray(*array, where, place);
    if (const auto* number = node.as_integer()) return number->get();
    if (const auto* number = node.as_floating_point()) return number->get();
    if (const auto* boolean = node.as_boolean()) return boolean->get();
    if (node.as_string() != nullptr) return LoadText(node, where, place);
    std::ostringstream date;
    node.visit([&](const auto& value) {
      if constexpr (toml::is_date<decltype(value)> || toml::is_time<decltype(value)> ||
                    toml::is_date_time<decltype(value)>) {
        date << value.get();
      }
    });
    return date.str();
  }

 private:
  Json LoadTable(const toml::table& table, const Json::json_pointer& where,
                 const std::string& place) {
    Json object = Json::object();
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      object[name] = Load(node, where / name, place + "." + name);
    }
    return object;
  }

  Json LoadArray(const toml::array& array, const Json::json_pointer& where,
                 const std::string& place) {
    Json list = Json::array();
    for (std::size_t i = 0; i < array.size(); ++i) {
      list.push_back(Load(array[i], where / i, fmt::format("{}[{}]", place, i)));
    }
    return list;
  }

  Json LoadText(const toml::node& node, const Json::json_pointer& where, const std::string& place) {
    PlacedTemplate placed = ParseTemplate(node, place, action_, action_.problems());
    if (!placed.text.expressions().empty()) {
      target_.parts.push_back({where, std::move(placed)});
    }
    return node.as_string()->get();
  }

  TableReader& action_;
  JsonTemplate& target_;
};

void LoadBody(TableReader& action, HttpConfig& http) {
  int bodies = 0;
  if (const toml::node* node = action.Find("json")) {
    http.json.emplace();
    JsonLoader loader(action, *http.json);
    http.json->value = loader.Load(*node, Json::json_pointer(), "json");
    ++bodies;
  }
  if (action.Find("form") != nullptr) {
    http.form = LoadTemplates(action, "form");
    ++bodies;
  }
  http.text = LoadTemplate(action, "text", "text");
  if (http.text) ++bodies;
  if (bodies > 1) action.Problem("json", "only one of json, form and text can be the body");
  action.Unavailable("xml");
  action.Unavailable("multipart");
}

// basic = "user:password", or a table with both.
std::optional<BasicAuth> LoadBasic(TableReader& auth) {
  const toml::node* node = auth.Find("basic");
  if (node == nullptr) return std::nullopt;
  const auto* table = node->as_table();
  if (table == nullptr) {
    auth.Problem("basic", R"(must be { username = "...", password = "..." })");
    return std::nullopt;
  }
  TableReader basic(table, auth.where() + ": basic", auth.problems());
  auto username = LoadTemplate(basic, "username", "auth.basic.username");
  auto password = LoadTemplate(basic, "password", "auth.basic.password");
  basic.Finish();
  if (!username) basic.Problem("username", "is missing");
  if (!password) basic.Problem("password", "is missing");
  if (!username || !password) return std::nullopt;
  return BasicAuth{std::move(*username), std::move(*password)};
}

void LoadAuth(TableReader& action, HttpConfig& http) {
  const toml::table* table = action.Table("auth");
  if (table == nullptr) return;
  TableReader auth(table, action.where() + ": auth", action.problems());
  http.basic = LoadBasic(auth);
  http.bearer = LoadTemplate(auth, "bearer", "auth.bearer");
  auth.Unavailable("oauth2");
  auth.Finish();
}

void LoadHttp(TableReader& action, HttpConfig& http) {
  http.method = action.String("method").value_or(http.method);
  if (auto url = LoadTemplate(action, "url", "url")) {
    http.url = std::move(*url);
  } else if (action.Find("step") == nullptr) {
    action.Problem("url", "is missing");
  }
  http.headers = LoadTemplates(action, "headers");
  LoadBody(action, http);
  LoadAuth(action, http);
  http.ca_file = action.String("ca_file").value_or("");
  http.client_cert = action.String("client_cert").value_or("");
  http.client_key = action.String("client_key").value_or("");
  action.Unavailable("step");
  action.Unavailable("allow_hosts");
  action.Unavailable("already_done");
  action.Unavailable("extract");
  action.Unavailable("not_found");
}

std::optional<PlacedExpression> LoadExpression(TableReader& action, std::string_view key) {
  auto text = action.String(key);
  if (!text) return std::nullopt;
  return PlacedExpression{std::move(*text), LineOf(*action.Find(key))};
}

void LoadRetry(TableReader& action, RetryConfig& retry) {
  const toml::table* table = action.Table("retry");
  if (table == nullptr) return;
  TableReader reader(table, action.where() + ": retry", action.problems());
  retry.first = reader.DurationOf("first").value_or(retry.first);
  retry.max = reader.DurationOf("max").value_or(retry.max);
  retry.give_up = reader.DurationOf("give_up").value_or(retry.give_up);
  reader.Finish();
  if (retry.max < retry.first) reader.Problem("max", "must not be shorter than first");
}

// True where the type is one whose other keys can be read.
bool CheckType(TableReader& action) {
  const auto type = action.String("type");
  if (!type) {
    if (action.Find("type") == nullptr) action.Problem("type", R"(is missing; "http" is one)");
    return false;
  }
  if (*type == "http") return true;
  for (const std::string_view known : kTypes) {
    if (known != *type) continue;
    action.Problem("type", fmt::format("\"{}\" is not available in this version", *type));
    return false;
  }
  std::vector<std::string> words(std::begin(kTypes), std::end(kTypes));
  static_cast<void>(action.OneOf("type", words));
  return false;
}

}  // namespace

ActionConfig LoadAction(const std::string& name, const toml::table& table, ProblemList& problems) {
  ActionConfig config;
  config.name = name;
  TableReader action(&table, fmt::format("action \"{}\"", name), problems);
  config.line = action.line();
  if (!CheckType(action)) return config;  // its keys are those of another type
  config.when = LoadExpression(action, "when");
  config.success = LoadExpression(action, "success");
  config.timeout = action.DurationOf("timeout").value_or(config.timeout);
  config.concurrency = action.IntegerIn("concurrency", 1, 1000).value_or(config.concurrency);
  if (const auto order = action.OneOf("order", {"session", "none"})) {
    config.order = *order == 0 ? Order::Session : Order::None;
  }
  if (const auto on_dead = action.OneOf("on_dead", {"skip", "hold"})) {
    config.on_dead = *on_dead == 0 ? OnDead::Skip : OnDead::Hold;
  }
  LoadRetry(action, config.retry);
  LoadHttp(action, config.http);
  action.Finish();
  return config;
}

}  // namespace relay
