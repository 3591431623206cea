#include "decode/xml.h"

#include <tinyxml2.h>

#include "base/text.h"
#include "decode/byte_order.h"
#include "decode/xml_encoding.h"
#include "decode/xml_scan.h"

namespace relay {
namespace {

// GetText() would stop at the first comment, CDATA section or nested element. The depth is
// limited by what PrepareXml lets through.
void AppendText(const tinyxml2::XMLNode& parent, std::string& text) {
  for (const auto* child = parent.FirstChild(); child != nullptr; child = child->NextSibling()) {
    if (child->ToText() != nullptr) text += child->Value();
    if (child->ToElement() == nullptr) continue;
    if (EqualsIgnoringCase(child->Value(), "br")) text += '\n';
    AppendText(*child, text);
  }
}

Result<Fields> ReadFields(const tinyxml2::XMLElement& root, const DecodeLimits& limits) {
  Fields fields;
  std::string beside;
  for (const auto* child = root.FirstChild(); child != nullptr; child = child->NextSibling()) {
    if (child->ToText() != nullptr) beside += child->Value();
    if (child->ToElement() == nullptr) continue;
    if (fields.all().size() == limits.fields) return TooManyFields(limits);
    std::string value;
    AppendText(*child, value);
    fields.Add(child->Value(), std::move(value));
  }
  if (!Trim(beside).empty()) fields.Add(root.Name(), std::move(beside));
  return fields;
}

}  // namespace

bool LooksLikeXml(const RawPost& post) {
  return ReadOpening(post.body).angle_bracket;
}

Result<Fields> DecodeXml(const RawPost& post, const DecodeLimits& limits) {
  return DecodeXmlDocument(post.body, post.content_type, limits);
}

Result<Fields> DecodeXmlDocument(std::string_view bytes, std::string_view content_type,
                                 const DecodeLimits& limits) {
  const Result<std::string> text = XmlText(bytes, content_type);
  if (!text) return text.error();
  const Result<std::string> prepared = PrepareXml(*text, limits);
  if (!prepared) return prepared.error();
  tinyxml2::XMLDocument document;
  // Only the name of the error: its text quotes the document.
  if (document.Parse(prepared->data(), prepared->size()) != tinyxml2::XML_SUCCESS)
    return Error{ErrorKind::BadInput, std::string("is not well-formed: ") + document.ErrorName()};
  return ReadFields(*document.RootElement(), limits);
}

}  // namespace relay
