#include "support/fcgi_client.h"

#include <sys/socket.h>

#include <stdexcept>

#include "support/sockets.h"

namespace relay::test {
namespace {

constexpr size_t kHeaderSize = 8;
constexpr size_t kMaxContent = 65535;

char Byte(size_t number, int shift = 0) {
  return static_cast<char>((number >> shift) & 0xff);
}

uint8_t At(const std::string& bytes, size_t index) {
  return static_cast<uint8_t>(bytes[index]);
}

void AppendLength(size_t length, std::string* out) {
  if (length < 128) {
    *out += Byte(length);
  } else {
    *out += {Byte(length | 0x80000000U, 24), Byte(length, 16), Byte(length, 8), Byte(length)};
  }
}

}  // namespace

std::string FcgiRecord(FcgiType type, std::string_view content, uint16_t request_id) {
  std::string record = {1,
                        static_cast<char>(type),
                        Byte(request_id, 8),
                        Byte(request_id),
                        Byte(content.size(), 8),
                        Byte(content.size()),
                        0,
                        0};
  return record.append(content);
}

std::string FcgiBegin(KeepConnection keep, uint16_t role) {
  const char flags = keep == KeepConnection::Yes ? 1 : 0;
  return FcgiRecord(FcgiType::Begin, std::string{Byte(role, 8), Byte(role), flags, 0, 0, 0, 0, 0});
}

std::string FcgiEncoded(const FcgiParams& params) {
  std::string out;
  for (const auto& [name, value] : params) {
    AppendLength(name.size(), &out);
    AppendLength(value.size(), &out);
    out += name + value;
  }
  return out;
}

FcgiParams FcgiPostParams(std::string_view body, std::string_view type) {
  return {{"REQUEST_METHOD", "POST"},
          {"SCRIPT_NAME", "/script.fcgi"},
          {"PATH_INFO", ""},
          {"QUERY_STRING", ""},
          {"CONTENT_TYPE", std::string(type)},
          {"CONTENT_LENGTH", std::to_string(body.size())},
          {"GATEWAY_INTERFACE", "CGI/1.1"},
          {"SERVER_PROTOCOL", "HTTP/1.1"},
          {"REMOTE_ADDR", "192.0.2.7"}};
}

std::string FcgiRequest(const FcgiParams& params, std::string_view body, KeepConnection keep) {
  std::string all = FcgiBegin(keep) + FcgiRecord(FcgiType::Params, FcgiEncoded(params)) +
                    FcgiRecord(FcgiType::Params, "");
  for (; !body.empty(); body.remove_prefix(std::min(body.size(), kMaxContent))) {
    all += FcgiRecord(FcgiType::Stdin, body.substr(0, kMaxContent));
  }
  return all + FcgiRecord(FcgiType::Stdin, "");
}

int FcgiReply::status() const {
  const std::string status = header("Status");
  return status.empty() ? 200 : std::stoi(status);
}

std::string FcgiReply::header(const std::string& name) const {
  const std::string headers = "\r\n" + out.substr(0, out.find("\r\n\r\n"));
  const std::string start = "\r\n" + name + ": ";
  const size_t at = headers.find(start);
  if (at == std::string::npos) return "";
  const size_t begin = at + start.size();
  return headers.substr(begin, headers.find("\r\n", begin) - begin);
}

std::string FcgiReply::body() const {
  const size_t end = out.find("\r\n\r\n");
  return end == std::string::npos ? "" : out.substr(end + 4);
}

FcgiClient::FcgiClient(const std::filesystem::path& socket) : socket_(ConnectToUnix(socket)) {
  if (socket_.get() < 0) throw std::runtime_error("nobody listens on " + socket.string());
}

bool FcgiClient::Send(std::string_view bytes) const {
  return SendAll(socket_, bytes);
}

void FcgiClient::CloseSending() const {
  shutdown(socket_.get(), SHUT_WR);
}

bool FcgiClient::Fill(size_t size, const Deadline& deadline) {
  while (buffer_.size() < size) {
    const auto bytes = ReceiveSome(socket_, deadline);
    if (!bytes || bytes->empty()) return false;
    buffer_ += *bytes;
  }
  return true;
}

std::optional<FcgiReply> FcgiClient::ReadReply(std::chrono::milliseconds timeout) {
  const Deadline deadline(timeout);
  FcgiReply reply;
  while (Fill(kHeaderSize, deadline)) {
    const auto type = static_cast<FcgiType>(At(buffer_, 1));
    const size_t content_size = At(buffer_, 4) * 256U + At(buffer_, 5);
    const size_t record_size = kHeaderSize + content_size + At(buffer_, 6);
    if (!Fill(record_size, deadline)) break;
    const std::string content = buffer_.substr(kHeaderSize, content_size);
    buffer_.erase(0, record_size);

    if (type == FcgiType::Stdout) reply.out += content;
    if (type == FcgiType::Stderr) reply.err += content;
    if (type == FcgiType::End && content.size() >= 5) {
      for (size_t i = 0; i < 4; ++i) reply.app_status = reply.app_status << 8 | At(content, i);
      reply.protocol_status = At(content, 4);
      return reply;
    }
  }
  return std::nullopt;
}

bool FcgiClient::ReadsEnd(std::chrono::milliseconds timeout) {
  const auto bytes = ReceiveSome(socket_, Deadline(timeout));
  return buffer_.empty() && bytes && bytes->empty();
}

}  // namespace relay::test
