#include "support/http_client.h"

#include <sys/socket.h>

#include <sstream>

#include "support/sockets.h"

namespace relay::test {

HttpRequest Post(std::string target, std::string body, std::string content_type) {
  HttpRequest request;
  request.target = std::move(target);
  request.headers = {{"Content-Type", std::move(content_type)}};
  request.body = std::move(body);
  return request;
}

std::string Serialised(const HttpRequest& request, int port) {
  std::ostringstream wire;
  wire << request.method << ' ' << request.target << " HTTP/1.1\r\nHost: localhost:" << port
       << "\r\nConnection: close\r\n";
  for (const auto& [name, value] : request.headers) wire << name << ": " << value << "\r\n";
  if (request.chunk_size == 0) {
    const bool has_body = !request.body.empty() || request.method == "POST";
    if (has_body || request.claimed_length) {
      wire << "Content-Length: " << request.claimed_length.value_or(request.body.size()) << "\r\n";
    }
    wire << "\r\n" << request.body;
    return wire.str();
  }
  wire << "Transfer-Encoding: chunked\r\n\r\n" << std::hex;
  for (size_t at = 0; at < request.body.size(); at += request.chunk_size) {
    const std::string chunk = request.body.substr(at, request.chunk_size);
    wire << chunk.size() << "\r\n" << chunk << "\r\n";
  }
  wire << "0\r\n\r\n";
  return wire.str();
}

std::optional<Response> Fetch(int port, const HttpRequest& request) {
  const Deadline deadline(std::chrono::seconds(30));
  const UniqueFd socket = ConnectToLoopback(port);
  if (socket.get() < 0) return std::nullopt;
  // A server may refuse and stop reading early: its answer counts, not the broken pipe.
  SendAll(socket, Serialised(request, port));
  if (request.claimed_length) shutdown(socket.get(), SHUT_WR);

  MessageReader reader(socket);
  auto message = reader.ReadHead(deadline);
  if (!message || message->start_line.size() < 12) return std::nullopt;
  const int status = std::stoi(message->start_line.substr(9, 3));
  const bool bodyless = request.method == "HEAD" || status == 204;
  if (!reader.ReadBody(bodyless ? Body::None : Body::OfResponse, deadline, &*message)) {
    return std::nullopt;
  }
  return Response{status, std::move(message->headers), std::move(message->body)};
}

}  // namespace relay::test
