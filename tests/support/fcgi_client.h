// Speaks FastCGI to script.fcgi itself, record by record, as no web server would: in pieces, out of
// order, broken. What was sent is up to the test; what comes back is read whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/deadline.h"
#include "support/unique_fd.h"

namespace relay::test {

// Record types and roles, as the specification numbers them.
enum class FcgiType : uint8_t {
  Begin = 1,
  Abort = 2,
  End = 3,
  Params = 4,
  Stdin = 5,
  Stdout = 6,
  Stderr = 7,
  Data = 8,
  GetValues = 9,
};

using FcgiParams = std::vector<std::pair<std::string, std::string>>;

// The bytes of one record. The content is at most 65535 bytes.
std::string FcgiRecord(FcgiType type, std::string_view content, uint16_t request_id = 1);
enum class KeepConnection { No, Yes };
std::string FcgiBegin(KeepConnection keep = KeepConnection::No, uint16_t role = 1);
// The content of a Params record.
std::string FcgiEncoded(const FcgiParams& params);

// What a web server would send for a POST to /script.fcgi with this body.
FcgiParams FcgiPostParams(std::string_view body,
                          std::string_view type = "application/x-www-form-urlencoded");
// Begin, params, the body in records of at most 65535 bytes, and the empty record that ends it.
std::string FcgiRequest(const FcgiParams& params, std::string_view body,
                        KeepConnection keep = KeepConnection::No);

struct FcgiReply {
  std::string out;  // headers and body, as a CGI writes them
  std::string err;
  uint32_t app_status = 0;
  uint8_t protocol_status = 0;

  int status() const;                                 // of the Status header; 200 without one
  std::string header(const std::string& name) const;  // empty where there is none
  std::string body() const;                           // what follows the headers
};

class FcgiClient {
 public:
  // Throws when nobody listens.
  explicit FcgiClient(const std::filesystem::path& socket);

  // False when the program has closed the connection.
  bool Send(std::string_view bytes) const;
  // No more will come from us; what is sent stays to be read.
  void CloseSending() const;

  // Up to the End record of one request. nullopt when the connection closed or time was up first.
  std::optional<FcgiReply> ReadReply(std::chrono::milliseconds timeout = std::chrono::seconds(20));

  // True when the program closes the connection, with nothing more to read, within that time.
  bool ReadsEnd(std::chrono::milliseconds timeout);

 private:
  bool Fill(size_t size, const Deadline& deadline);

  UniqueFd socket_;
  std::string buffer_;
};

}  // namespace relay::test
