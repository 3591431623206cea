#include "gateway/frame.h"

#include <algorithm>

namespace relay {
namespace {

// What comes before the body: parameters with the headers and padding of their records.
constexpr std::size_t kMostHead = std::size_t{1} << 20;

enum RecordType : unsigned char { kBeginRequest = 1, kAbortRequest = 2, kParams = 4, kStdin = 5 };

}  // namespace

Framing::Framing() : params_(kMostHead) {}

std::size_t Framing::Take(std::string_view bytes) {
  const std::size_t size = bytes.size();
  while (arrival_ == Arrival::Incomplete && !bytes.empty()) bytes.remove_prefix(TakePart(bytes));
  return size - bytes.size();
}

std::size_t Framing::TakePart(std::string_view bytes) {
  std::size_t count = 0;
  if (in_header_ < header_.size()) {
    count = TakeHeader(bytes);
  } else if (content_left_ > 0) {
    count = std::min(content_left_, bytes.size());
    content_left_ -= count;
    TakeContent(bytes.substr(0, count));
  } else {
    count = std::min(padding_left_, bytes.size());
    padding_left_ -= count;
  }
  taken_ += count;
  if (stage_ != Stage::Body && taken_ > kMostHead) arrival_ = Arrival::Invalid;
  const bool ended = in_header_ == header_.size() && content_left_ == 0 && padding_left_ == 0;
  if (ended && arrival_ == Arrival::Incomplete) EndRecord();
  return count;
}

std::size_t Framing::TakeHeader(std::string_view bytes) {
  const std::size_t count = bytes.copy(&header_[in_header_], header_.size() - in_header_);
  in_header_ += count;
  if (in_header_ == header_.size()) BeginRecord();
  return count;
}

void Framing::BeginRecord() {
  const unsigned type = Header(1);
  if (stage_ == Stage::Begin) request_id_ = RequestId();
  const unsigned expected = stage_ == Stage::Begin    ? kBeginRequest
                            : stage_ == Stage::Params ? kParams
                                                      : kStdin;
  content_left_ = Header(4) * std::size_t{256} + Header(5);
  padding_left_ = Header(6);
  empty_ = content_left_ == 0;
  if (Header(0) != 1 || request_id_ == 0 || RequestId() != request_id_) {
    arrival_ = Arrival::Invalid;
  } else if (type == kAbortRequest && stage_ != Stage::Begin) {
    arrival_ = Arrival::Whole;  // libfcgi ends the input there and says so
  } else if (type != expected || (type == kBeginRequest && content_left_ != 8)) {
    arrival_ = Arrival::Invalid;
  }
}

void Framing::TakeContent(std::string_view content) {
  if (stage_ == Stage::Body) body_ += content.size();
  if (stage_ == Stage::Params && !params_.Take(content)) arrival_ = Arrival::Invalid;
}

void Framing::EndRecord() {
  in_header_ = 0;
  if (stage_ == Stage::Body && empty_) {
    arrival_ = Arrival::Whole;
  } else if (stage_ == Stage::Begin) {
    stage_ = Stage::Params;
  } else if (stage_ == Stage::Params && empty_) {
    stage_ = Stage::Body;
    head_ = taken_;
  }
}

std::string Framing::EndOfBody() const {
  return {1, kStdin, static_cast<char>(request_id_ >> 8), static_cast<char>(request_id_), 0, 0,
          0, 0};
}

Arrival Inspect(std::string_view bytes) {
  Framing framing;
  framing.Take(bytes);
  return framing.arrival();
}

}  // namespace relay
