// Which post a line of the log, a request or a program belongs to, also in other systems: W3C Trace
// Context, https://www.w3.org/TR/trace-context/. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"

namespace relay {

// The trace ID in a `traceparent` header, 32 digits; empty where the header is not valid.
std::string TraceIdIn(std::string_view traceparent);

// The trace of a post: the one its sender named, else one made from where it is stored, which is
// the same whoever asks.
std::string TraceIdOf(const std::string& named, const std::string& store_id, PostId post);

// The header for a span of this trace; the same name is the same span.
std::string Traceparent(const std::string& trace_id, std::string_view span_name);

}  // namespace relay
