#include "session/document.h"

#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <unordered_map>

#include "base/text.h"
#include "base/uuid.h"
#include "model/variables.h"
#include "session/chat.h"
#include "session/values.h"

namespace relay {
namespace {

// What the web server said is not always UTF-8, and JSON is nothing else.
std::string AsText(const std::string& bytes) {
  if (IsUtf8(bytes)) return bytes;
  std::string text;
  for (const char c : bytes) text += static_cast<unsigned char>(c) < 0x80 ? c : '?';
  return text;
}

Json NumberValue(std::string_view text) {
  text = Trim(text);
  std::int64_t integer = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), integer);
  if (error == std::errc() && end == text.data() + text.size()) return integer;
  const auto number = ParseNumber(text);
  if (!number) return nullptr;
  // Beyond 2^53 a double no longer tells whole numbers apart.
  if (*number == std::trunc(*number) && std::abs(*number) <= 0x1p53)
    return static_cast<std::int64_t>(*number);
  return *number;
}

Json TimeValue(std::string_view text) {
  const auto time = ParseTime(text);
  return time ? Json(FormatTime(*time)) : Json(nullptr);
}

Json VariableValue(VariableType type, const std::string* text) {
  if (text == nullptr) return nullptr;
  switch (type) {
    case VariableType::Text:
      return *text;
    case VariableType::Number:
      return NumberValue(*text);
    case VariableType::Time:
      return TimeValue(*text);
  }
  return nullptr;
}

// Goes around the look-up of ordered_json, which is linear: a post may have thousands of names.
Json RawValues(const Fields& fields) {
  Json raw = Json::object();
  auto& members = raw.get_ref<Json::object_t&>();
  members.reserve(fields.all().size());
  std::unordered_map<std::string_view, std::ptrdiff_t> places;
  for (const Field& field : fields.all()) {
    const auto [place, first] = places.emplace(field.name, std::ssize(members));
    if (first) {
      members.emplace_back(field.name, field.value);
      continue;
    }
    Json& value = std::next(members.begin(), place->second)->second;
    if (!value.is_array()) value = Json::array({std::move(value)});
    value.push_back(field.value);
  }
  return raw;
}

Json SessionValue(const SessionState& session) {
  return {{"first_post_at", FormatTime(session.first_post_at)},
          {"posts", session.posts},
          {"technicians", session.technicians},
          {"closed", session.closed}};
}

// What a document is built from, one member each.
struct Source {
  const StoredPost& post;
  const Fields& fields;
  const SessionState& session;
  const std::string& transcript;
  const View& view;
};

Json SessionUuid(const std::string& session_id) {
  return session_id.empty() ? Json(nullptr) : Json(NameUuid(session_id));
}

// The times again, as people on the spot have them.
Json LocalValue(const Source& from) {
  const TimeZone& zone = from.view.time_zone;
  Json local = Json::object();
  for (const Variable& variable : kVariables) {
    if (variable.type != VariableType::Time) continue;
    const std::string* text = from.fields.Find(variable.name);
    const auto time = text == nullptr ? std::nullopt : ParseTime(*text);
    local[std::string(variable.name)] = time ? Json(zone.Format(*time)) : Json(nullptr);
  }
  local["received_at"] = zone.Format(from.post.raw.received_at);
  return local;
}

struct Member {
  std::string_view name;
  Json (*value)(const Source&);
};

constexpr auto kMembers = std::to_array<Member>({
    {"raw", [](const Source& from) { return RawValues(from.fields); }},
    {"post_id", [](const Source& from) { return Json(ToString(from.post.id)); }},
    {"received_at", [](const Source& from) { return Json(FormatTime(from.post.raw.received_at)); }},
    {"endpoint", [](const Source& from) { return Json(AsText(from.post.raw.endpoint)); }},
    {"remote_addr", [](const Source& from) { return Json(AsText(from.post.raw.remote_addr)); }},
    {"remote_user",
     [](const Source& from) {
       const auto& user = from.post.raw.remote_user;
       return user ? Json(AsText(*user)) : Json(nullptr);
     }},
    {"event", [](const Source& from) { return Json(EventName(from.post.facts.event)); }},
    {"event_source",
     [](const Source& from) { return Json(EventSourceName(from.post.facts.event_source)); }},
    {"transcript", [](const Source& from) { return Json(from.transcript); }},
    {"chat", [](const Source& from) { return ChatValue(from.transcript, from.view.system_lines); }},
    {"session", [](const Source& from) { return SessionValue(from.session); }},
    {"labels", [](const Source& from) { return Json(from.view.labels); }},
    {"session_uuid", [](const Source& from) { return SessionUuid(from.post.session_id); }},
    {"local", LocalValue},
});

}  // namespace

std::vector<std::string> DocumentMembers() {
  std::vector<std::string> names;
  for (const Variable& variable : kVariables) names.emplace_back(variable.name);
  for (const Member& member : kMembers) names.emplace_back(member.name);
  for (const char* of_delivery : {"delivery_id", "delivery_uuid", "attempt"})
    names.emplace_back(of_delivery);
  return names;
}

Json ChatValue(std::string_view transcript, const SystemLines& system_lines) {
  Json chat = Json::array();
  for (ChatEntry& entry : ParseChat(transcript, system_lines)) {
    chat.push_back({{"time", std::move(entry.time)},
                    {"text", std::move(entry.text)},
                    {"system", entry.system}});
  }
  return chat;
}

Json BuildDocument(const StoredPost& post, const Fields& fields, const SessionState& session,
                   std::string transcript, const View& view, const Members& wanted) {
  if (transcript.ends_with('\n')) transcript.pop_back();
  Json document = Json::object();
  // Goes around the look-up of ordered_json, which is linear: every name comes once.
  auto& members = document.get_ref<Json::object_t&>();
  for (const Variable& variable : kVariables) {
    if (!wanted.Contain(variable.name)) continue;
    members.emplace_back(std::string(variable.name),
                         VariableValue(variable.type, fields.Find(variable.name)));
  }
  const Source source{post, fields, session, transcript, view};
  for (const Member& member : kMembers) {
    if (wanted.Contain(member.name)) {
      members.emplace_back(std::string(member.name), member.value(source));
    }
  }
  return document;
}

}  // namespace relay
