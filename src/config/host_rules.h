// Which hosts an action may connect to. Plain values; any thread may read them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct sockaddr;

namespace relay {

// An IP address; one of IPv4 as IPv6 has it (RFC 4291, 2.5.5.2).
using IpAddress = std::array<unsigned char, 16>;

std::optional<IpAddress> ParseIpAddress(const std::string& text);
std::optional<IpAddress> IpAddressOf(const sockaddr& address);  // absent: not of IP

class HostRules {
 public:
  // Entries are names ("crm.example", "*.crm.example"), addresses and networks ("10.0.0.0/8").
  // Without any, every host is allowed.
  static Result<HostRules> Parse(const std::vector<std::string>& entries);

  // Whether a request to `host` may go to this address, to which it is actually connected: the name
  // or the address is allowed, and an address that is link-local, or where clouds keep their
  // machines' credentials, is allowed by its own entry.
  bool Allow(std::string_view host, const IpAddress& address) const;

 private:
  struct Network {
    IpAddress address{};
    int bits = 0;
    bool Contains(const IpAddress& other) const;
  };
  static std::optional<Network> ParseNetwork(const std::string& text);
  static const std::vector<Network>& Delicate();
  bool AllowsName(std::string_view host) const;

  std::vector<std::string> names_;
  std::vector<Network> networks_;
};

}  // namespace relay
