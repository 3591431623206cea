// Whatever bytes are posted: decoding them, folding them into a session twice and writing the
// document must not crash, and what comes out keeps the promises of the headers.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/text.h"
#include "decode/decode.h"
#include "fuzz/require.h"
#include "session/chat.h"
#include "session/document.h"
#include "session/fold.h"
#include "session/transcript.h"

namespace relay {
namespace {

using test::Require;

void CheckFields(const Fields& fields) {
  for (const Field& field : fields.all()) {
    Require(IsUtf8(field.name) && IsUtf8(field.value), "fields are UTF-8");
    Require(field.value.find('\0') == std::string::npos, "values hold no NUL");
  }
}

void CheckChat(const Fields& fields) {
  const std::string* chatlog = fields.Find("ChatLog");
  if (chatlog == nullptr) return;
  const std::string chat = NormaliseChat(*chatlog);
  Require(chat.empty() || chat.ends_with('\n'), "a chat ends its last line");
  Require(NormaliseChat(chat) == chat, "normalising twice changes nothing");
}

void CheckFold(const RawPost& raw, const Fields& fields) {
  SessionState state;
  std::string held = "9:00 AM Jane: hello\n";
  Extend(state, held, std::nullopt);
  StoredPost post{PostId{1}, "1", raw, {}};
  for (int i = 0; i < 2; ++i) {
    const auto folded =
        Fold(state, fields, Time{}, {}, [&] { return Result<std::string>(held); });
    Require(folded.ok(), "a fold fails only where reading fails");
    Require(i == 0 || folded->facts.adds.empty(), "a repeat adds nothing");
    held += folded->facts.adds;
    state = folded->state;
    post.facts = folded->facts;
    Require(state.held_length == static_cast<std::int64_t>(held.size()), "the length is right");
    Require(IsUtf8(state.held_tail) && held.ends_with(state.held_tail), "the tail is right");
  }
  const std::string text = BuildDocument(post, fields, state, held, {}).dump();
  Require(IsUtf8(text) && Json::accept(text), "a document is JSON");
}

void CheckPost(const RawPost& post) {
  const Result<Fields> fields = Decode(post);
  if (!fields) {
    Require(fields.error().kind == ErrorKind::BadInput, "errors are BadInput");
    return;
  }
  CheckFields(*fields);
  CheckChat(*fields);
  CheckFold(post, *fields);
}

}  // namespace
}  // namespace relay

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  relay::RawPost post;
  post.body.assign(reinterpret_cast<const char*>(data), size);
  relay::CheckPost(post);
  post.content_type = "text/xml; charset=koi8-r";
  relay::CheckPost(post);
  post.query.swap(post.body);
  relay::CheckPost(post);
  return 0;
}
