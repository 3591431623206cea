#include "gateway/reply_text.h"

#include <fmt/format.h>

namespace relay {

std::string ToCgiResponse(const Reply& reply) {
  std::string text = fmt::format("Status: {} {}\r\n", reply.status, ReasonPhrase(reply.status));
  for (const auto& [name, value] : reply.headers) text += fmt::format("{}: {}\r\n", name, value);
  text += fmt::format(
      "Content-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n"
      "Cache-Control: no-store\r\n\r\n{}\n",
      reply.text.size() + 1, reply.text);
  return text;
}

}  // namespace relay
