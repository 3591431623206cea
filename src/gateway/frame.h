// Looks at FastCGI records without reading them, to learn whether a request has arrived whole.
// Pure. Source of the format: FastCGI specification 1.0, sections 3.3, 5 and 8.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/param_lengths.h"

namespace relay {

enum class Arrival {
  Incomplete,  // good so far
  Whole,       // libfcgi can read the request to its end without waiting
  Invalid,     // no request of the responder role; libfcgi must not see it
};

// Walks the records of one request as its bytes come, in whatever pieces.
//
// Records that a web server has no reason to send (management records among them, which crash
// libfcgi 2.4.2) make the request invalid; so do parameters of more than 1 MiB.
class Framing {
 public:
  Framing();

  // Takes the next bytes. Returns how many of them belong to this request: all, unless it is whole
  // or invalid.
  std::size_t Take(std::string_view bytes);

  Arrival arrival() const { return arrival_; }
  // Bytes before the first record of the body; 0 while these have not come whole.
  std::uint64_t head() const { return head_; }
  // Bytes of the body so far, without headers and padding of its records.
  std::uint64_t body() const { return body_; }
  // The empty record that would mark the end of this request's body.
  std::string EndOfBody() const;

 private:
  enum class Stage { Begin, Params, Body };  // records come in this order

  std::size_t TakePart(std::string_view bytes);
  std::size_t TakeHeader(std::string_view bytes);
  void TakeContent(std::string_view content);
  void BeginRecord();
  void EndRecord();
  unsigned Header(std::size_t i) const { return static_cast<unsigned char>(header_[i]); }
  unsigned RequestId() const { return Header(2) * 256u + Header(3); }

  Arrival arrival_ = Arrival::Incomplete;
  Stage stage_ = Stage::Begin;
  std::array<char, 8> header_{};
  std::size_t in_header_ = 0;     // bytes of the header that have come
  std::size_t content_left_ = 0;  // bytes of the record that have not come
  std::size_t padding_left_ = 0;
  bool empty_ = false;  // the record has no content
  unsigned request_id_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t head_ = 0;
  std::uint64_t body_ = 0;
  ParamLengths params_;
};

// What the bytes at the beginning of a connection amount to.
Arrival Inspect(std::string_view bytes);

}  // namespace relay
