#include "action/http_body.h"

#include <fmt/format.h>

#include "base/sha256.h"
#include "base/text.h"

namespace relay {
namespace {

using Rendered = Result<std::optional<Body>>;

Rendered Some(Body body) {
  return std::optional(std::move(body));
}

// A name or file name between quotes, as browsers write it (WHATWG, "multipart/form-data encoding
// algorithm").
std::string InQuotes(std::string_view name) {
  std::string escaped;
  for (const char c : name) {
    switch (c) {
      case '"':
        escaped += "%22";
        break;
      case '\r':
        escaped += "%0D";
        break;
      case '\n':
        escaped += "%0A";
        break;
      default:
        escaped += c;
    }
  }
  return '"' + escaped + '"';
}

class BodyRenderer {
 public:
  BodyRenderer(const std::string& key, Rendering& rendering) : key_(key), rendering_(rendering) {}

  Rendered operator()(std::monostate) const { return std::optional<Body>(); }

  Rendered operator()(const JsonBody& body) const {
    auto value = rendering_.Value(body.json);
    if (!value) return value.error();
    return Some({ToText(*value), "application/json"});
  }

  Rendered operator()(const FormBody& body) const {
    std::string text;
    for (const NamedTemplate& field : body.fields) {
      auto value = rendering_.Text(field.value, Destination::Body);
      if (!value) return value.error();
      if (!text.empty()) text += '&';
      text += PercentEncode(field.name) + '=' + PercentEncode(*value);
    }
    return Some({std::move(text), "application/x-www-form-urlencoded"});
  }

  Rendered operator()(const XmlBody& body) const {
    auto xml = rendering_.Text(body.xml, Destination::Xml);
    if (!xml) return xml.error();
    return Some({std::move(*xml), "application/xml; charset=utf-8"});
  }

  Rendered operator()(const TextBody& body) const {
    auto text = rendering_.Text(body.text, Destination::Body);
    if (!text) return text.error();
    return Some({std::move(*text), "text/plain; charset=utf-8"});
  }

  // RFC 7578.
  Rendered operator()(const MultipartBody& body) const {
    std::vector<std::string> parts;
    std::string all;
    for (const MultipartBody::Part& part : body.parts) {
      auto rendered = RenderPart(part);
      if (!rendered) return rendered.error();
      all += *rendered;
      parts.push_back(std::move(*rendered));
    }
    const std::string boundary = BoundaryFor(all);
    std::string bytes;
    for (const std::string& part : parts) bytes += fmt::format("--{}\r\n{}\r\n", boundary, part);
    bytes += fmt::format("--{}--\r\n", boundary);
    return Some({std::move(bytes), "multipart/form-data; boundary=" + boundary});
  }

 private:
  Result<std::string> RenderPart(const MultipartBody::Part& part) const {
    std::string text = "Content-Disposition: form-data; name=" + InQuotes(part.name);
    if (part.filename) {
      auto filename = rendering_.Text(*part.filename, Destination::Header);
      if (!filename) return filename.error();
      text += "; filename=" + InQuotes(*filename);
    }
    if (!part.content_type.empty()) text += "\r\nContent-Type: " + part.content_type;
    auto content = rendering_.Text(part.content, Destination::Body);
    if (!content) return content.error();
    return text + "\r\n\r\n" + *content;
  }

  // One that occurs nowhere in the parts.
  std::string BoundaryFor(const std::string& parts) const {
    std::string boundary = ToHex(Sha256({key_}));
    while (parts.find(boundary) != std::string::npos) boundary = ToHex(Sha256({boundary}));
    return boundary;
  }

  const std::string& key_;
  Rendering& rendering_;
};

}  // namespace

Rendered RenderBody(const HttpBody& body, const std::string& key, Rendering& rendering) {
  return std::visit(BodyRenderer(key, rendering), body);
}

}  // namespace relay
