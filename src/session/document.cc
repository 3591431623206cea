#include "session/document.h"

#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <unordered_map>

#include "base/text.h"
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

void AddRequest(const StoredPost& post, Json& document) {
  const RawPost& raw = post.raw;
  document["post_id"] = ToString(post.id);
  document["received_at"] = FormatTime(raw.received_at);
  document["endpoint"] = AsText(raw.endpoint);
  document["remote_addr"] = AsText(raw.remote_addr);
  document["remote_user"] = raw.remote_user ? Json(AsText(*raw.remote_user)) : Json(nullptr);
  document["event"] = EventName(post.facts.event);
  document["event_source"] = EventSourceName(post.facts.event_source);
}

}  // namespace

Json ChatValue(std::string_view transcript) {
  Json chat = Json::array();
  for (ChatEntry& entry : ParseChat(transcript)) {
    chat.push_back({{"time", std::move(entry.time)},
                    {"text", std::move(entry.text)},
                    {"system", entry.system}});
  }
  return chat;
}

Json BuildDocument(const StoredPost& post, const Fields& fields, const SessionState& session,
                   std::string transcript, const Labels& labels) {
  Json document = Json::object();
  for (const Variable& variable : kVariables)
    document[std::string(variable.name)] = VariableValue(variable.type, fields.Find(variable.name));
  document["raw"] = RawValues(fields);
  AddRequest(post, document);
  if (transcript.ends_with('\n')) transcript.pop_back();
  Json chat = ChatValue(transcript);
  document["transcript"] = std::move(transcript);
  document["chat"] = std::move(chat);
  document["session"] = SessionValue(session);
  document["labels"] = labels;
  return document;
}

}  // namespace relay
