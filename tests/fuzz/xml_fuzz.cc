// Any bytes as XML: what comes out is text, and what a naive parser reads of strict XML.
#include "base/text.h"
#include "decode/xml.h"
#include "decode/xml_scan.h"
#include "fuzz/require.h"
#include "oracle/naive.h"

namespace relay::test {
namespace {

constexpr std::size_t kFewBytes = 32'768;  // too few to reach a limit but that of depth

void CheckXml(const std::string& body, const std::string& content_type) {
  const Result<Fields> fields = DecodeXmlDocument(body, content_type, {});
  if (!fields) {
    Require(fields.error().kind == ErrorKind::BadInput, "errors are BadInput");
    return;
  }
  for (const Field& field : fields->all()) {
    Require(IsUtf8(field.name) && IsUtf8(field.value), "fields are UTF-8");
    Require((field.name + field.value).find('\0') == std::string::npos, "text holds no NUL");
  }
}

void CompareWithNaive(const std::string& body) {
  const auto naive = NaiveXml(body);
  if (!naive || body.size() > kFewBytes) return;
  const Result<Fields> fields = DecodeXmlDocument(body, "", {});
  Require(fields.ok() && fields->all() == *naive, "strict XML is what a naive parser reads");
}

void CheckScan(const std::string& body) {
  const Result<std::string> once = PrepareXml(body, {});
  if (!once) return;
  const Result<std::string> twice = PrepareXml(*once, {});
  Require(twice.ok() && *twice == *once, "preparing twice changes nothing");
}

}  // namespace
}  // namespace relay::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body = relay::test::InputText(data, size);
  relay::test::CheckXml(body, "");
  relay::test::CheckXml(body, "text/xml; charset=koi8-r");
  relay::test::CompareWithNaive(body);
  relay::test::CheckScan(body);
  return 0;
}
