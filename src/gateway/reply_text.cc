#include "gateway/reply_text.h"

#include <fmt/format.h>

namespace relay {

std::string ToCgiResponse(const Reply& reply) {
  std::string text = fmt::format("Status: {} {}\r\n", reply.status, ReasonPhrase(reply.status));
  for (const auto& [name, value] : reply.headers) text += fmt::format("{}: {}\r\n", name, value);
  if (reply.status == 204) return text + "\r\n";  // RFC 9110, 15.3.5: it has no content
  text += fmt::format(
      "Content-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n"
      "Cache-Control: no-store\r\n\r\n{}\n",
      reply.text.size() + 1, reply.text);
  return text;
}

}  // namespace relay
