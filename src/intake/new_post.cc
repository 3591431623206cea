#include "intake/new_post.h"

#include "base/text.h"
#include "decode/decode.h"
#include "decode/encode_form.h"
#include "decode/redaction.h"

namespace relay {
namespace {

// What a plan looks at; the body, which may be large, has been decoded already.
RawPost WithoutBody(const RawPost& raw) {
  RawPost head;
  head.endpoint = raw.endpoint;
  head.content_type = raw.content_type;
  head.query = raw.query;
  head.remote_addr = raw.remote_addr;
  head.remote_user = raw.remote_user;
  head.received_at = raw.received_at;
  return head;
}

// As a form of what may be stored.
void Rewrite(RawPost& raw, const Fields& fields) {
  raw.content_type = "application/x-www-form-urlencoded; charset=utf-8";
  raw.query.clear();
  raw.body = EncodeForm(fields.all());
}

}  // namespace

std::variant<NewPost, Unreadable> MakeNewPost(RawPost& raw, Planner& planner) {
  auto fields = Decode(raw);
  if (!fields) return Unreadable{Unreadable::Kind::CannotBeDecoded, fields.error().message};
  if (auto redacted = Redact(planner.config().redaction, *fields)) {
    fields = std::move(*redacted);
    Rewrite(raw, *fields);
  }
  const std::string* posted = fields->Find("SessionID");
  std::string session_id(posted == nullptr ? "" : Trim(*posted));
  if (session_id.empty()) return Unreadable{Unreadable::Kind::HasNoSession, "no SessionID"};
  auto plan = [&planner, head = WithoutBody(raw), session_id, shared = std::move(*fields)](
                  PostId id, const SessionState& before,
                  const ReadTranscript& transcript) -> Result<Plan> {
    try {
      return planner.MakePlan(id, head, session_id, shared, before, transcript);
    } catch (const std::exception& error) {
      return Error{ErrorKind::Permanent, std::string("plan a post: ") + error.what()};
    }
  };
  return NewPost{std::move(raw), std::move(session_id), std::move(plan)};
}

}  // namespace relay
