#include "fault/queue/scenario.h"

#include <algorithm>
#include <random>

#include "fault/queue/plain_post.h"

namespace relay::test {
namespace {

int PostsOfSession(std::minstd_rand& random) {
  return std::discrete_distribution<int>({0, 80, 12, 4, 2, 2})(random);
}

std::vector<ExpectedDelivery> DeliveriesOfPost(std::minstd_rand& random) {
  const auto all = Rules();
  const auto one_in = [&](unsigned n) { return random() % n == 0; };
  std::vector<ExpectedDelivery> deliveries{{all[random() % all.size()].name, one_in(50)}};
  for (const ActionRules& rules : all) {
    if (rules.name != deliveries.front().action && one_in(20)) {
      deliveries.push_back({rules.name, one_in(50)});
    }
  }
  return deliveries;
}

}  // namespace

std::vector<ActionRules> Rules() {
  return {{"crm", Order::Session, OnDead::Skip, 3},
          {"ledger", Order::Session, OnDead::Hold, 2},
          {"archive", Order::None, OnDead::Skip, 2}};
}

std::vector<ExpectedPost> Schedule(int sessions, unsigned seed) {
  std::minstd_rand random(seed);
  std::vector<ExpectedPost> posts;
  for (int i = 0; i < sessions; ++i) {
    for (int n = PostsOfSession(random); n > 0; --n) {
      posts.push_back({"session " + std::to_string(i), DeliveriesOfPost(random)});
    }
  }
  constexpr std::size_t kReach = 1000;  // how far a post may move among those of other sessions
  for (std::size_t i = 0; i < posts.size(); ++i) {
    std::swap(posts[i], posts[std::min(i + random() % kReach, posts.size() - 1)]);
  }
  return posts;
}

NewPost PostOf(const ExpectedPost& expected, std::size_t index, Time now) {
  std::vector<NewDelivery> deliveries;
  for (const ActionRules& rules : Rules()) {
    for (const ExpectedDelivery& delivery : expected.deliveries) {
      if (delivery.action != rules.name) continue;
      deliveries.push_back(
          {rules.name, rules.order, rules.on_dead, delivery.dead_from_the_start ? "no URL" : ""});
    }
  }
  return PlainPost(expected.session, "post " + std::to_string(index), now, std::move(deliveries));
}

}  // namespace relay::test
