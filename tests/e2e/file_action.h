// What tests of actions of type "file" share: deliveries, and readers of what they left.
#pragma once

#include <gtest/gtest.h>

#include <sstream>

#include "e2e/local_delivery.h"

namespace relay::test {

inline std::vector<std::string> LinesOf(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  std::istringstream text(ReadFile(path));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

// As another program reads it.
inline std::vector<std::vector<std::string>> ReadCsv(const std::filesystem::path& path) {
  const std::string script =
      "import csv, json, sys\n"
      "csv.field_size_limit(1 << 30)\n"
      "with open(sys.argv[1], newline='', encoding='utf-8') as file:\n"
      "    json.dump(list(csv.reader(file, strict=True)), sys.stdout)\n";
  const Finished done = RunToEnd({.argv = {"python3", "-c", script, path}});
  EXPECT_EQ(done.code, 0) << done.err;
  return nlohmann::json::parse(done.out);
}

class FileAction : public LocalDelivery {
 protected:
  void Deliver() const {
    const Finished done = Relay({"deliver", "--once"});
    ASSERT_EQ(done.code, 0) << done.err;
  }
  // What waits for its next try has it now.
  void DeliverAgain(const std::string& action) const {
    ASSERT_EQ(Relay({"queue", "retry", "--action", action, "--yes"}).code, 0);
    Deliver();
  }
  std::vector<std::string> States() const {
    std::vector<std::string> states;
    for (const nlohmann::json& row : Queue()) states.push_back(row["state"]);
    return states;
  }
};

}  // namespace relay::test
