#include "e2e/database/posted_session.h"

#include <stdexcept>

#include "session/document.h"
#include "session/fold.h"

namespace relay::test {

Json PostedSession::Post(FieldList list) {
  using namespace std::chrono;
  const Time now = sys_days(year(2026) / 3 / 2) + hours(10) + minutes(state_.posts);
  list.insert(list.begin(), {"SessionID", session_id_});
  const Fields fields(std::move(list));
  StoredPost post{PostId{next_post_++}, session_id_, {}, {}};
  post.raw.received_at = now;
  post.raw.remote_addr = "127.0.0.1";
  auto folded = Fold(state_, fields, now, {{}, {}}, [&] { return Result(transcript_); });
  if (!folded) throw std::runtime_error(folded.error().message);
  state_ = std::move(folded->state);
  post.facts = std::move(folded->facts);
  transcript_ += post.facts.adds;
  Json document = BuildDocument(post, fields, state_, transcript_, {});
  document["delivery_id"] = "1";
  document["attempt"] = 1;
  return document;
}

}  // namespace relay::test
