#include "config/host_rules.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

struct HostRow {
  std::vector<std::string> entries;
  const char* host;
  const char* address;
  bool allowed;
};

TEST(HostRules, DecideByTheNameAndTheAddressThatIsConnectedTo) {
  const HostRow rows[] = {
      {{}, "crm.example", "93.184.216.34", true},
      {{}, "localhost", "127.0.0.1", true},
      {{}, "crm.example", "169.254.169.254", false},
      {{}, "169.254.169.254", "169.254.169.254", false},
      {{}, "crm.example", "::ffff:169.254.169.254", false},
      {{}, "crm.example", "fe80::1", false},
      {{}, "crm.example", "febf::1", false},
      {{}, "crm.example", "fec0::1", true},
      {{}, "crm.example", "fd00:ec2::254", false},
      {{}, "crm.example", "100.100.100.200", false},
      {{"169.254.0.0/16"}, "x", "169.254.169.254", true},
      {{"169.254.169.254"}, "x", "169.254.169.254", true},
      {{"169.254.169.254"}, "x", "169.254.169.253", false},
      {{"crm.example"}, "crm.example", "93.184.216.34", true},
      {{"crm.example"}, "CRM.Example", "93.184.216.34", true},
      {{"crm.example"}, "crm.example", "169.254.169.254", false},
      {{"crm.example"}, "crm.example.evil.test", "93.184.216.34", false},
      {{"crm.example"}, "evilcrm.example", "93.184.216.34", false},
      {{"crm.example"}, "93.184.216.34", "93.184.216.34", false},
      {{"*.crm.example"}, "a.crm.example", "93.184.216.34", true},
      {{"*.crm.example"}, "a.b.crm.example", "93.184.216.34", true},
      {{"*.crm.example"}, "crm.example", "93.184.216.34", false},
      {{"*.crm.example"}, "acrm.example", "93.184.216.34", false},
      {{"10.0.0.0/8"}, "anything", "10.255.0.1", true},
      {{"10.0.0.0/8"}, "anything", "11.0.0.1", false},
      {{"10.0.0.0/9"}, "anything", "10.128.0.1", false},
      {{"127.0.0.1"}, "localhost", "127.0.0.1", true},
      {{"127.0.0.1"}, "localhost", "127.0.0.2", false},
      {{"0.0.0.0/0"}, "x", "1.2.3.4", true},
      {{"0.0.0.0/0"}, "x", "2001:db8::1", false},
      {{"2001:db8::/32"}, "x", "2001:db8:ffff::1", true},
      {{"2001:db8::/32"}, "x", "2001:db9::1", false},
      {{"crm.example", "10.0.0.0/8"}, "other", "10.0.0.1", true},
      {{"crm.example", "10.0.0.0/8"}, "crm.example", "93.184.216.34", true},
  };
  for (const HostRow& row : rows) {
    const auto rules = HostRules::Parse(row.entries);
    ASSERT_TRUE(rules) << rules.error().message;
    EXPECT_EQ(rules->Allow(row.host, *ParseIpAddress(row.address)), row.allowed)
        << row.host << " at " << row.address << " with "
        << (row.entries.empty() ? "no entry" : row.entries.front());
  }
}

TEST(HostRules, RefuseEntriesThatAreNone) {
  for (const char* entry :
       {"", "*", "*.", "http://crm.example", "crm.example:443", "10.0.0.0/33", "10.0.0.0/",
        "10.0.0.0/-1", "10.0.0.0/8x", "2001:db8::/129", "a b", "crm.example/path"}) {
    EXPECT_FALSE(HostRules::Parse({entry})) << entry;
  }
}

}  // namespace
}  // namespace relay
