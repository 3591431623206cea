#include "config/host_rules.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/text.h"

namespace relay {
namespace {

IpAddress Mapped(const in_addr& v4) {
  IpAddress address{};
  address[10] = address[11] = 0xFF;
  std::memcpy(&address[12], &v4, sizeof v4);
  return address;
}

bool IsHostName(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_';
  });
}

}  // namespace

std::optional<IpAddress> ParseIpAddress(const std::string& text) {
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return Mapped(v4);
  IpAddress address{};
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

std::optional<IpAddress> IpAddressOf(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return Mapped(v4.sin_addr);
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  IpAddress bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return bytes;
}

bool HostRules::Network::Contains(const IpAddress& other) const {
  for (int bit = 0; bit < bits; bit += 8) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int rest = std::min(bits - bit, 8);
    const auto mask = static_cast<unsigned char>(0xFF << (8 - rest));
    if (((address[byte] ^ other[byte]) & mask) != 0) return false;
  }
  return true;
}

std::optional<HostRules::Network> HostRules::ParseNetwork(const std::string& text) {
  const auto slash = text.find('/');
  const auto address = ParseIpAddress(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string::npos) return Network{*address, 128};
  const int all = text.find(':') == std::string::npos ? 32 : 128;
  int bits = -1;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, bits);
  if (error != std::errc() || stop != end || bits < 0 || bits > all) return std::nullopt;
  return Network{*address, 128 - all + bits};
}

// Link-local: RFC 3927, RFC 4291. The others are where Alibaba, Oracle, Azure and Amazon answer
// their virtual machines, by their documentation.
const std::vector<HostRules::Network>& HostRules::Delicate() {
  static const std::vector<Network> kNetworks = [] {
    std::vector<Network> networks;
    for (const char* text : {"169.254.0.0/16", "fe80::/10", "100.100.100.200", "192.0.0.192",
                             "168.63.129.16", "fd00:ec2::254"}) {
      networks.push_back(*ParseNetwork(text));
    }
    return networks;
  }();
  return kNetworks;
}

Result<HostRules> HostRules::Parse(const std::vector<std::string>& entries) {
  HostRules rules;
  for (const std::string& entry : entries) {
    if (const auto network = ParseNetwork(entry)) {
      rules.networks_.push_back(*network);
    } else if (IsHostName(entry)) {
      rules.names_.push_back(ToLower(entry));
    } else {
      return Error{
          ErrorKind::BadInput,
          fmt::format("\"{}\" is no host name, address or network such as \"10.0.0.0/8\"", entry)};
    }
  }
  return rules;
}

bool HostRules::AllowsName(std::string_view host) const {
  const std::string name = ToLower(host);
  return std::any_of(names_.begin(), names_.end(), [&](const std::string& allowed) {
    if (!allowed.starts_with("*.")) return name == allowed;
    return name.size() >= allowed.size() && name.ends_with(allowed.substr(1));
  });
}

bool HostRules::Allow(std::string_view host, const IpAddress& address) const {
  const auto contains = [&](const Network& network) { return network.Contains(address); };
  if (std::any_of(networks_.begin(), networks_.end(), contains)) return true;
  if (std::any_of(Delicate().begin(), Delicate().end(), contains)) return false;
  return (names_.empty() && networks_.empty()) || AllowsName(host);
}

}  // namespace relay
