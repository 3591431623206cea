// What the command line of rescue-relay says. Plain values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace relay {

struct Options {
  std::optional<std::string> config;
  bool json = false;
  std::size_t limit = 100;

  // Which deliveries or posts: IDs, "-" for IDs from standard input, or "ALL".
  std::vector<std::string> ids;
  std::optional<std::string> action;
  std::optional<std::string> session;
  std::optional<std::string> state;
  bool yes = false;

  std::string name;  // of an action
  std::optional<std::string> post;
  bool send = false;
  bool dump = false;
  bool once = false;
  bool dry_run = false;
  bool open = false;                      // sessions that have not ended
  std::optional<std::string> older_than;  // ... and are silent for so long

  std::string url;
  std::string format = "form";
  std::optional<std::string> event;
  std::string tracking = "CASE-1001";
  std::optional<std::string> user;  // name:password
  int repeat = 1;
  std::string ca_file;
};

}  // namespace relay
