#include "cli/stored_document.h"

#include "decode/decode.h"

namespace relay {

Result<Json> ReadDocument(Store& store, const Config& config, PostId id) {
  auto post = store.FindPost(id);
  if (!post) return post.error();
  if (!*post) return Error{ErrorKind::BadInput, "there is no post " + ToString(id)};
  auto transcript = store.Transcript((*post)->post.session_id, id);
  if (!transcript) return transcript.error();
  auto fields = Decode((*post)->post.raw);
  if (!fields) return fields.error().Context("read post " + ToString(id));
  return BuildDocument((*post)->post, *fields, (*post)->session, std::move(*transcript),
                       config.view);
}

}  // namespace relay
