#include "support/ticket_system.h"

#include <filesystem>
#include <sstream>
#include <stdexcept>

namespace relay::test {
namespace {

constexpr auto kPatience = std::chrono::seconds(150);

WebServer Start(const std::string& name, const std::filesystem::path& folder) {
  // Redmine runs as a user of its own.
  std::filesystem::permissions(folder, std::filesystem::perms(0755));
  return StartWebServer(
      [&](int port) {
        return ProcessOptions{
            .argv = {RELAY_SOURCE_DIR "/tests/targets/" + name, folder, std::to_string(port)}};
      },
      folder / "setup.log", kPatience);
}

}  // namespace

TicketSystem::TicketSystem(const std::string& name)
    : database_((dir_.path() / (name == "redmine" ? "redmine.sqlite" : "rt.sqlite")).string()),
      server_(Start(name, dir_.path())) {
  std::istringstream lines(ReadFile(dir_.path() / "target"));
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find('=');
    if (equals != std::string::npos) facts_[line.substr(0, equals)] = line.substr(equals + 1);
  }
}

std::string TicketSystem::Url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(server_.port) + path;
}

std::string TicketSystem::Sql(const std::string& query) const {
  const Finished done = RunToEnd({.argv = {"sqlite3", "-readonly", database_, query}});
  if (done.code != 0) throw std::runtime_error(done.err);
  return done.out;
}

}  // namespace relay::test
