// Any bytes as a form: what comes out is text, and what a naive decoder reads of a plain form.
#include "base/text.h"
#include "decode/decode.h"
#include "decode/form.h"
#include "fuzz/require.h"
#include "oracle/naive.h"

namespace relay::test {
namespace {

void CheckForm(const RawPost& post) {
  const DecodeLimits limits{.fields = 100, .name_length = 200, .depth = 10};
  const Result<Fields> fields = DecodeForm(post, limits);
  if (!fields) {
    Require(fields.error().kind == ErrorKind::BadInput, "errors are BadInput");
    return;
  }
  Require(fields->all().size() <= limits.fields, "fields are limited");
  for (const Field& field : fields->all()) {
    Require(IsUtf8(field.name) && IsUtf8(field.value), "fields are UTF-8");
    Require(field.value.find('\0') == std::string::npos, "values hold no NUL");
  }
}

void CompareWithNaive(const RawPost& post) {
  const auto naive = NaiveForm(post.body);
  if (!naive) return;
  const Result<Fields> fields = DecodeForm(post, {});
  Require(fields.ok() && fields->all() == *naive, "a plain form is what a naive decoder reads");
}

}  // namespace
}  // namespace relay::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  relay::RawPost post;
  post.body = relay::test::InputText(data, size);
  relay::test::CompareWithNaive(post);
  for (const char* type :
       {"", "x; charset=koi8-r", "x; charset=\"windows-1253\"", "x; charset=?"}) {
    post.content_type = type;
    relay::test::CheckForm(post);
  }
  post.query.swap(post.body);
  relay::test::CheckForm(post);
  return 0;
}
