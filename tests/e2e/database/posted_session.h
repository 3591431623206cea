// A session as it is posted, one document after the other, as actions see them.
#pragma once

#include <string>

#include "base/json.h"
#include "model/fields.h"
#include "model/session.h"

namespace relay::test {

class PostedSession {
 public:
  // `first_post` is the ID of its first post; each further one has the next.
  explicit PostedSession(std::string session_id = "7001", std::int64_t first_post = 1)
      : session_id_(std::move(session_id)), next_post_(first_post) {}

  // Posts come a minute apart, from 2026-03-02 10:00 UTC.
  Json Post(FieldList fields);

 private:
  const std::string session_id_;
  std::int64_t next_post_;
  SessionState state_;
  std::string transcript_;
};

}  // namespace relay::test
