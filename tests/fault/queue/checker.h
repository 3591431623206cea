// Judges a run of the queue by what its processes wrote down and what the store holds at the end.
//
// An attempt is with the other side from Begun to Ended. It has the right to be there until its
// claim lapses; whatever comes after that, a newer attempt may be there as well, and the end of the
// older one counts for nothing.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fault/queue/journal.h"
#include "model/delivery.h"

namespace relay::test {

struct ActionRules {
  std::string name;
  Order order = Order::Session;
  OnDead on_dead = OnDead::Skip;
  int concurrency = 1;
};

struct ExpectedDelivery {
  std::string action;
  bool dead_from_the_start = false;
};

struct ExpectedPost {
  std::string session;
  std::vector<ExpectedDelivery> deliveries;
};

// What was to happen, what was seen, and what is left.
struct History {
  std::vector<ActionRules> actions = {};
  std::vector<ExpectedPost> posts = {};  // the first has the ID 1
  std::vector<Record> records = {};      // those of one process in their order
  std::vector<std::string> stored = {};  // sessions of the posts in the store, by their IDs from 1
  std::vector<Delivery> deliveries = {};
};

enum class Fault {
  Overlap,      // two attempts at one time, both with a claim
  Inversion,    // a post began before an earlier one of its session was over
  Lost,         // a post, a delivery or the end of an attempt is not in the store
  Repeated,     // a number of an attempt was given twice, or there was one after the end
  Overwritten,  // an attempt whose claim had passed to another changed the delivery
  Early,        // tried again before its time
  OverLimit,    // more claims of an action at one time than its concurrency
};

std::string NameOf(Fault fault);

struct Verdict {
  std::size_t sessions = 0;
  std::size_t posts = 0;
  std::size_t deliveries = 0;
  std::size_t done = 0;
  std::size_t dead = 0;
  std::size_t held_back = 0;       // behind a dead one that holds
  std::size_t attempts = 0;        // seen by the other side
  std::size_t never_begun = 0;     // claims whose worker died before the other side saw anything
  std::size_t never_ended = 0;     // attempts whose worker died meanwhile
  std::size_t taken_over = 0;      // attempts while an older one, whose claim had lapsed, went on
  std::size_t late_finishers = 0;  // attempts whose end counted for nothing
  std::map<std::string, int> most_at_once;  // by action
  std::map<Fault, std::size_t> faults;
  std::vector<std::string> examples;  // some of the faults, in words

  std::size_t Count(Fault fault) const;
  std::string Summary() const;
};

Verdict Judge(const History& history);

}  // namespace relay::test
