// Any bytes as multipart: parts are pieces of the body in their order, and plain ones are what a
// naive decoder reads.
#include "base/text.h"
#include "decode/multipart.h"
#include "decode/multipart_split.h"
#include "fuzz/require.h"
#include "oracle/naive.h"

namespace relay::test {
namespace {

void CheckParts(const std::string& body) {
  const Result<std::vector<Part>> parts = SplitParts(body, "b", 50);
  if (!parts) {
    Require(parts.error().kind == ErrorKind::BadInput, "errors are BadInput");
    return;
  }
  const char* at = body.data();
  for (const Part& part : *parts) {
    if (!part.headers.empty()) Require(part.headers.data() >= at, "headers stand in their order");
    Require(part.content.data() >= at, "parts stand in their order");
    at = part.content.data() + part.content.size();
    Require(at <= body.data() + body.size(), "parts end with the body");
  }
}

void CheckFields(const RawPost& post) {
  const Result<Fields> fields = DecodeMultipart(post, {.fields = 50});
  if (!fields) {
    Require(fields.error().kind == ErrorKind::BadInput, "errors are BadInput");
    return;
  }
  for (const Field& field : fields->all())
    Require(IsUtf8(field.name) && IsUtf8(field.value), "fields are UTF-8");
}

void CompareWithNaive(const RawPost& post) {
  const auto naive = NaiveMultipart(post.body, "b");
  if (!naive || naive->empty()) return;
  const Result<Fields> fields = DecodeMultipart(post, {});
  Require(LooksLikeMultipart(post) && fields.ok() && fields->all() == *naive,
          "plain parts are what a naive decoder reads");
}

}  // namespace
}  // namespace relay::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  relay::RawPost post;
  post.body = relay::test::InputText(data, size);
  relay::test::CheckParts(post.body);
  relay::test::CheckFields(post);
  post.content_type = "multipart/form-data; boundary=b";
  relay::test::CheckFields(post);
  relay::test::CompareWithNaive(post);
  return 0;
}
