#include "cli/session_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "model/variables.h"

namespace relay {
namespace {

std::string TextOf(const Json& value) {
  return value.is_string() ? value.get<std::string>() : ToText(value);
}

std::string_view StandingOf(const Json& session) {
  if (session["closed"] == true) return "closed";
  return session["lapsed"] == true ? "lapsed" : "open";
}

std::string Heading(const Json& session) {
  std::string heading =
      fmt::format("session {}, {}", TextOf(session["session_id"]), StandingOf(session));
  if (session["tracking0"] != "") heading += ", case " + TextOf(session["tracking0"]);
  std::string technicians;
  for (const Json& name : session["technicians"]) {
    technicians += (technicians.empty() ? "" : ", ") + TextOf(name);
  }
  if (!technicians.empty()) heading += ", with " + technicians;
  return heading + "\n";
}

// What stands elsewhere in the view.
bool IsShownAnyway(std::string_view variable) {
  return variable == "SessionID" || variable == "ChatLog" || variable == "Tracking0";
}

std::string Variables(const Json& newest, const Labels& labels) {
  std::vector<std::pair<std::string, std::string>> rows;
  std::size_t width = 0;
  for (const Variable& variable : kVariables) {
    const std::string name(variable.name);
    const Json value = newest.value(name, Json());
    if (IsShownAnyway(name) || value.is_null() || value == "") continue;
    const auto label = labels.find(name);
    rows.emplace_back(label == labels.end() ? name : fmt::format("{} ({})", label->second, name),
                      TextOf(value));
    width = std::max(width, rows.back().first.size());
  }
  std::string text;
  for (const auto& [name, value] : rows) text += fmt::format("  {:<{}}  {}\n", name, width, value);
  return text.empty() ? text : "\nVariables of the newest post\n" + text;
}

std::string Posts(const Json& session) {
  std::string text = "\nPosts\n";
  for (const Json& post : session["posts"]) {
    text += fmt::format("  {}  {}  {}\n", TextOf(post["received_at"]), TextOf(post["post_id"]),
                        TextOf(post["event"]));
  }
  return text;
}

std::string Deliveries(const Json& session) {
  std::string text;
  for (const Json& delivery : session["deliveries"]) {
    text += fmt::format("  {}  {}  {}, attempts {}", TextOf(delivery["delivery_id"]),
                        TextOf(delivery["action"]), TextOf(delivery["state"]),
                        ToText(delivery["attempts"]));
    if (!delivery["last_error"].is_null()) text += ": " + TextOf(delivery["last_error"]);
    text += '\n';
  }
  return text.empty() ? text : "\nDeliveries\n" + text;
}

// Further lines stand below the first.
std::string Indented(std::string_view lines) {
  std::string text;
  for (const char c : lines) {
    text += c;
    if (c == '\n') text.append(14, ' ');
  }
  return text;
}

std::string Chat(const Json& session) {
  std::string text;
  for (const Json& entry : session["chat"]) {
    text += fmt::format("  {:>8}  {} {}\n", TextOf(entry["time"]),
                        entry["system"] == true ? '*' : ' ', Indented(TextOf(entry["text"])));
  }
  return text.empty() ? text : "\nChat (* the console)\n" + text;
}

}  // namespace

std::string SessionView(const Json& session, const Json& newest, const Labels& labels) {
  return MaskControls(Heading(session) + Variables(newest, labels) + Posts(session) +
                          Deliveries(session) + Chat(session),
                      '?', "\n\t");
}

}  // namespace relay
