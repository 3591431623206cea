#include "gateway/frame.h"

#include <cstddef>

namespace relay {
namespace {

constexpr std::size_t kHeaderSize = 8;

enum RecordType : unsigned char { kBeginRequest = 1, kAbortRequest = 2, kParams = 4, kStdin = 5 };

struct RecordHeader {
  unsigned char version;
  unsigned char type;
  unsigned request_id;
  std::size_t content;
  std::size_t padding;
};

RecordHeader ReadHeader(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  return {at(0), at(1), at(2) * 256u + at(3), at(4) * std::size_t{256} + at(5), at(6)};
}

// Records come in this order.
enum class Stage { Begin, Params, Stdin };

}  // namespace

Arrival Inspect(std::string_view bytes) {
  Stage stage = Stage::Begin;
  while (bytes.size() >= kHeaderSize) {
    const RecordHeader record = ReadHeader(bytes);
    if (record.version != 1 || record.request_id == 0) return Arrival::Invalid;
    // libfcgi ends the input there and says so.
    if (record.type == kAbortRequest && stage != Stage::Begin) return Arrival::Whole;
    const unsigned char expected = stage == Stage::Begin    ? kBeginRequest
                                   : stage == Stage::Params ? kParams
                                                            : kStdin;
    if (record.type != expected) return Arrival::Invalid;
    const std::size_t length = kHeaderSize + record.content + record.padding;
    if (bytes.size() < length) return Arrival::Incomplete;
    if (stage == Stage::Stdin && record.content == 0) return Arrival::Whole;
    if (stage == Stage::Begin) {
      if (record.content != 8) return Arrival::Invalid;
      stage = Stage::Params;
    } else if (record.content == 0) {
      stage = Stage::Stdin;
    }
    bytes.remove_prefix(length);
  }
  return Arrival::Incomplete;
}

}  // namespace relay
