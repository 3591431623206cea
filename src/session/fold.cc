#include "session/fold.h"

#include <algorithm>

#include "base/text.h"
#include "session/chat.h"
#include "session/transcript.h"
#include "session/values.h"

namespace relay {
namespace {

std::string_view TextOf(const Fields& fields, std::string_view variable) {
  const std::string* value = fields.Find(variable);
  return value == nullptr ? std::string_view() : *value;
}

Event InferEvent(const SessionState& before, const Fields& fields) {
  if (SaysATime(TextOf(fields, "ClosingTime"))) return Event::Closed;
  if (before.posts == 0) return Event::Started;
  const auto pickup = ParseTime(TextOf(fields, "PickupTime"));
  if (pickup && before.last_pickup && *pickup > *before.last_pickup) return Event::Resumed;
  return Event::Updated;
}

bool IsClosedAfter(Event event, bool before) {
  switch (event) {
    case Event::Closed:
      return true;
    case Event::Started:
    case Event::Resumed:
      return false;
    case Event::Updated:
    case Event::Lapsed:
      break;
  }
  return before;
}

void AddTechnician(const Fields& fields, std::vector<std::string>& technicians) {
  std::string_view technician = TextOf(fields, "TechName");
  if (Trim(technician).empty()) technician = TextOf(fields, "TechID");
  if (Trim(technician).empty()) return;
  if (std::find(technicians.begin(), technicians.end(), technician) == technicians.end())
    technicians.emplace_back(technician);
}

// A post that was read late, out of quarantine, may be older than those that are held.
void CountPost(Time received_at, SessionState& state) {
  const bool first = state.posts++ == 0;
  state.first_post_at = first ? received_at : std::min(state.first_post_at, received_at);
  state.last_post_at = first ? received_at : std::max(state.last_post_at, received_at);
}

void Count(const Fields& fields, Time received_at, Event event, SessionState& state) {
  CountPost(received_at, state);
  state.lapsed = false;
  const auto pickup = ParseTime(TextOf(fields, "PickupTime"));
  if (pickup && (!state.last_pickup || *pickup > *state.last_pickup)) state.last_pickup = pickup;
  state.closed = IsClosedAfter(event, state.closed);
  const std::string_view tracking = TextOf(fields, "Tracking0");
  if (!tracking.empty()) state.tracking0 = tracking;
  AddTechnician(fields, state.technicians);
}

// Adds the chat to what the state holds; returns what it adds.
Result<std::string> GrowTranscript(SessionState& state, const std::string& chat,
                                   const ReadTranscript& transcript) {
  const auto held = static_cast<std::size_t>(state.held_length);
  std::optional<std::string> whole;
  Overlap overlap = CompareWithTail(state, chat);
  if (overlap == Overlap::Unknown) {
    Result<std::string> read = transcript();
    if (!read) return read.error();
    whole = *std::move(read);
    overlap = Compare(*whole, chat);
  }
  std::string adds;
  if (overlap == Overlap::Continues) {
    whole = chat.substr(0, held);
    adds = chat.substr(held);
  } else if (overlap == Overlap::None) {
    adds = chat;
  }
  Extend(state, adds, whole);
  return adds;
}

}  // namespace

Result<Folded> Fold(const SessionState& before, const Fields& fields, Time received_at,
                    const FoldRules& rules, const ReadTranscript& transcript) {
  Folded folded{before, {}};
  Result<std::string> adds = GrowTranscript(
      folded.state, NormaliseChat(TextOf(fields, "ChatLog"), rules.system_lines), transcript);
  if (!adds) return adds.error();
  folded.facts.adds = *std::move(adds);
  folded.facts.event = rules.endpoint_event ? *rules.endpoint_event : InferEvent(before, fields);
  folded.facts.event_source = rules.endpoint_event ? EventSource::Endpoint : EventSource::Inferred;
  Count(fields, received_at, folded.facts.event, folded.state);
  return folded;
}

Folded Lapse(const SessionState& before, Time now) {
  Folded folded{before, {Event::Lapsed, EventSource::Inferred, {}}};
  CountPost(now, folded.state);
  folded.state.lapsed = true;
  return folded;
}

}  // namespace relay
