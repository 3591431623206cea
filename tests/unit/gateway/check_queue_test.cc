#include "gateway/check_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <future>

namespace relay {
namespace {

using testing::ElementsAre;

Arrived From(const std::string& address, const std::string& body = "") {
  Arrived arrived;
  arrived.request.remote_addr = address;
  arrived.request.body = body;
  return arrived;
}

class CheckQueueTest : public testing::Test {
 protected:
  bool Add(const std::string& address, const std::string& body = "") {
    Arrived arrived = From(address, body);
    const bool added =
        queue_.Add(arrived, [](Request& request) { request.access = Access::Granted; });
    EXPECT_EQ(arrived.request.remote_addr.empty(), added) << "it stays where it is";
    return added;
  }
  // The thread has this one and waits until Release().
  void Hold() {
    std::promise<void> held;
    Arrived arrived = From("holder", "holder");
    ASSERT_TRUE(queue_.Add(arrived, [&](Request&) {
      held.set_value();
      released_.get_future().wait();
    }));
    held.get_future().wait();
  }
  void Release() { released_.set_value(); }
  // Until nothing is left.
  std::vector<Arrived> CollectAll() {
    std::vector<Arrived> all;
    while (!queue_.empty()) {
      pollfd readable{queue_.descriptor(), POLLIN, 0};
      if (poll(&readable, 1, 20'000) != 1) break;
      for (Arrived& arrived : queue_.Collect()) all.push_back(std::move(arrived));
    }
    return all;
  }

  std::promise<void> released_;
  CheckQueue queue_;
};

TEST_F(CheckQueueTest, GivesBackWhatWasChecked) {
  EXPECT_TRUE(queue_.empty());
  ASSERT_TRUE(Add("192.0.2.1", "body"));
  EXPECT_FALSE(queue_.empty());
  const auto checked = CollectAll();
  ASSERT_EQ(checked.size(), 1u);
  EXPECT_EQ(checked[0].request.access, Access::Granted);
  EXPECT_EQ(checked[0].request.body, "body");
  EXPECT_TRUE(queue_.empty());
}

TEST_F(CheckQueueTest, TakesTheAddressesInTurns) {
  Hold();
  for (const char* body : {"a1", "a2", "a3"}) ASSERT_TRUE(Add("192.0.2.1", body));
  for (const char* body : {"b1", "b2"}) ASSERT_TRUE(Add("192.0.2.2", body));
  ASSERT_TRUE(Add("192.0.2.3", "c1"));
  Release();
  std::vector<std::string> order;
  for (const Arrived& arrived : CollectAll()) order.push_back(arrived.request.body);
  EXPECT_THAT(order, ElementsAre("holder", "a1", "b1", "c1", "a2", "b2", "a3"));
}

TEST_F(CheckQueueTest, OneAddressCannotFillIt) {
  Hold();
  for (std::size_t i = 0; i < CheckQueue::kMostOfAddress; ++i) ASSERT_TRUE(Add("192.0.2.1"));
  EXPECT_FALSE(Add("192.0.2.1"));
  for (std::size_t i = 0; i < CheckQueue::kMostOfAddress; ++i) {
    ASSERT_TRUE(Add("2001:db8::" + std::to_string(i)));
  }
  EXPECT_FALSE(Add("2001:db8::ffff")) << "the same network";
  EXPECT_TRUE(Add("2001:db8:0:1::"));
  EXPECT_TRUE(Add("192.0.2.2"));
  Release();
  CollectAll();
  EXPECT_TRUE(Add("192.0.2.1"));
  CollectAll();
}

TEST_F(CheckQueueTest, WhatWaitsIsBoundedInAll) {
  Hold();
  for (std::size_t i = 1; i < CheckQueue::kMost; ++i) ASSERT_TRUE(Add(std::to_string(i)));
  EXPECT_FALSE(Add("another"));
  Release();
  CollectAll();
  EXPECT_TRUE(Add("another"));
  CollectAll();
}

TEST_F(CheckQueueTest, SoAreItsBytes) {
  Hold();
  ASSERT_TRUE(Add("1", std::string(CheckQueue::kMostBytes, 'x')));
  EXPECT_FALSE(Add("2", "x"));
  Release();
  CollectAll();
  EXPECT_TRUE(Add("2", "x"));
  CollectAll();
}

TEST_F(CheckQueueTest, ACheckThatFailsLetsNobodyIn) {
  Arrived arrived = From("192.0.2.1");
  ASSERT_TRUE(queue_.Add(arrived, [](Request& request) {
    request.access = Access::Granted;
    throw std::runtime_error("out of memory");
  }));
  const auto checked = CollectAll();
  ASSERT_EQ(checked.size(), 1u);
  EXPECT_EQ(checked[0].request.access, Access::Busy);
}

TEST_F(CheckQueueTest, EndsWithoutCheckingWhatWaits) {
  std::atomic<int> checked = 0;
  {
    CheckQueue queue;
    for (int i = 0; i < 1000; ++i) {
      Arrived arrived = From(std::to_string(i));
      ASSERT_TRUE(queue.Add(arrived, [&](Request&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));  // as long as a hash may take
        ++checked;
      }));
    }
  }
  EXPECT_LT(checked, 900);
}

}  // namespace
}  // namespace relay
