#include "base/trace.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/uuid.h"

namespace relay {
namespace {

constexpr std::size_t kVersion = 2;
constexpr std::size_t kTraceId = 32;
constexpr std::size_t kSpanId = 16;
// "00-" TRACE "-" SPAN "-01"
constexpr std::size_t kTraceAt = kVersion + 1;
constexpr std::size_t kSpanAt = kTraceAt + kTraceId + 1;
constexpr std::size_t kFlagsAt = kSpanAt + kSpanId + 1;
constexpr std::size_t kLength = kFlagsAt + 2;

bool IsHex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsId(std::string_view text) {
  return IsHex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

// Of a UUID of version 5, which is never all zeros, nor is its first half.
std::string Digits(std::string_view name) {
  std::string digits = NameUuid(name);
  std::erase(digits, '-');
  return digits;
}

}  // namespace

std::string TraceIdIn(std::string_view header) {
  if (header.size() < kLength) return "";
  const std::string_view version = header.substr(0, kVersion);
  const std::string_view trace_id = header.substr(kTraceAt, kTraceId);
  const bool dashes =
      header[kTraceAt - 1] == '-' && header[kSpanAt - 1] == '-' && header[kFlagsAt - 1] == '-';
  if (!dashes || !IsHex(version) || version == "ff" || !IsId(trace_id) ||
      !IsId(header.substr(kSpanAt, kSpanId)) || !IsHex(header.substr(kFlagsAt, 2))) {
    return "";
  }
  // Later versions may add to what the first one has, after another dash.
  if (header.size() > kLength && (version == "00" || header[kLength] != '-')) return "";
  return std::string(trace_id);
}

std::string TraceIdOf(const std::string& named, const std::string& store_id, PostId post) {
  return named.empty() ? Digits("trace of post " + ToString(post) + " in " + store_id) : named;
}

std::string Traceparent(const std::string& trace_id, std::string_view span_name) {
  return fmt::format("00-{}-{}-01", trace_id, Digits(span_name).substr(0, kSpanId));
}

}  // namespace relay
