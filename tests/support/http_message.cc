#include "support/http_message.h"

#include <strings.h>

#include "support/sockets.h"

namespace relay::test {

std::optional<std::string> Headers::Find(std::string_view name) const {
  for (const auto& [key, value] : *this) {
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0) {
      return value;
    }
  }
  return std::nullopt;
}

bool MessageReader::Fill(const Deadline& deadline) {
  if (at_end_) return false;
  auto bytes = ReceiveSome(socket_, deadline);
  if (!bytes) return false;
  at_end_ = bytes->empty();
  buffer_ += *bytes;
  return !at_end_;
}

std::optional<std::string> MessageReader::Line(const Deadline& deadline) {
  size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (!Fill(deadline)) return std::nullopt;
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

std::optional<std::string> MessageReader::Bytes(size_t count, const Deadline& deadline) {
  while (buffer_.size() < count) {
    if (!Fill(deadline)) return std::nullopt;
  }
  std::string bytes = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return bytes;
}

std::optional<Message> MessageReader::ReadHead(const Deadline& deadline) {
  auto line = Line(deadline);
  if (!line) return std::nullopt;
  Message message;
  message.start_line = std::move(*line);
  while ((line = Line(deadline)) && !line->empty()) {
    const size_t colon = line->find(':');
    if (colon == std::string::npos) return std::nullopt;
    const size_t value = line->find_first_not_of(" \t", colon + 1);
    message.headers.emplace_back(line->substr(0, colon),
                                 value == std::string::npos ? "" : line->substr(value));
  }
  if (!line) return std::nullopt;
  return message;
}

bool MessageReader::ReadChunks(const Deadline& deadline, std::string* body) {
  while (auto size_line = Line(deadline)) {
    const size_t size = std::stoul(*size_line, nullptr, 16);
    auto data = Bytes(size, deadline);
    if (!data || !Line(deadline)) return false;
    if (size == 0) return true;
    *body += *data;
  }
  return false;
}

bool MessageReader::ReadBody(Body kind, const Deadline& deadline, Message* message) {
  if (kind == Body::None) return true;
  if (message->headers.Find("Transfer-Encoding") == "chunked") {
    return ReadChunks(deadline, &message->body);
  }
  if (auto length = message->headers.Find("Content-Length")) {
    auto body = Bytes(std::stoul(*length), deadline);
    if (!body) return false;
    message->body = std::move(*body);
    return true;
  }
  if (kind == Body::OfRequest) return true;
  while (Fill(deadline)) {
  }
  message->body = std::move(buffer_);
  buffer_.clear();
  return at_end_;
}

}  // namespace relay::test
