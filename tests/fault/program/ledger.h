// What was answered, what is stored and what was delivered, held against each other.
#pragma once

#include <string>
#include <vector>

#include "e2e/deployment.h"
#include "fault/program/load.h"
#include "support/http_sink.h"

namespace relay::test {

// [action.crm] that takes every post of a Load to its own place, and tries again soon.
std::string MarkAction(int sink_port);

struct StoredPost {
  std::string id;
  std::string session;
  std::string mark;
};

// All posts in the store, in the order stored.
std::vector<StoredPost> ReadStore(const Installation& installation);

struct StoreAudit {
  size_t acknowledged = 0;    // answered 200
  size_t missing = 0;         // ... and not in the store under the ID of the reply
  size_t spurious = 0;        // stored and never sent, more than once, or answered with an error
  size_t in_doubt_kept = 0;   // not answered, and stored
  size_t in_doubt_lost = 0;   // not answered, and not stored
  std::string examples = {};  // of what is wrong
};
StoreAudit Audit(const std::vector<SentPost>& sent, const std::vector<StoredPost>& stored);

// Fails the test unless every 200 was true and nothing else is stored than what may be.
void ExpectNothingMissingOrSpurious(const StoreAudit& audit);

// Fails the test unless SQLite finds the database sound.
void ExpectIntact(const Installation& installation);

// Waits until no delivery to the sink is due or claimed any more.
void AwaitDelivered(const Installation& installation, const HttpSink& sink);

// Fails the test unless every stored post was delivered, each under one Idempotency-Key of its own,
// those of a session in the order stored (repeats aside), and nothing else. Returns how many
// repeats there were.
size_t ExpectAllDelivered(const std::vector<SinkRequest>& requests,
                          const std::vector<StoredPost>& stored);

}  // namespace relay::test
