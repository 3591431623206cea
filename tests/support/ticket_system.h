// A real ticket system of Debian's, set up by a script of tests/targets: Redmine or Request
// Tracker.
#pragma once

#include <map>
#include <string>

#include "support/temp_dir.h"
#include "support/web_server.h"

namespace relay::test {

class TicketSystem {
 public:
  // "redmine" or "request_tracker". Takes up to a minute; throws where it cannot be started.
  explicit TicketSystem(const std::string& name);

  std::string Url(const std::string& path) const;
  // What the script says of it: TOKEN, TICKET...
  const std::string& operator[](const std::string& name) const { return facts_.at(name); }
  // A query on its database; rows are lines, columns are separated by "|".
  std::string Sql(const std::string& query) const;

 private:
  TempDir dir_;
  const std::string database_;
  WebServer server_;
  std::map<std::string, std::string> facts_;
};

}  // namespace relay::test
