#include "cli/app.h"

#include <CLI/CLI.hpp>
#include <map>

#include "cli/commands.h"
#include "cli/workplace.h"

namespace relay {
namespace {

using AddOptions = void (*)(CLI::App&, Options&);

void Nothing(CLI::App&, Options&) {}

void Limit(CLI::App& app, Options& options) {
  app.add_option("--limit", options.limit, "how many at most, newest first; 0 for all")
      ->capture_default_str();
}

void Filter(CLI::App& app, Options& options) {
  app.add_option("--action", options.action, "only of this action");
  app.add_option("--session", options.session, "only of this SessionID");
  app.add_option("--state", options.state, "only in this state: due, claimed, done, dead, held");
}

void FilterAndLimit(CLI::App& app, Options& options) {
  Filter(app, options);
  Limit(app, options);
}

void Ids(CLI::App& app, Options& options) {
  app.add_option("ID", options.ids, "IDs, or - to read them from standard input")->required();
}

void IdsOrAll(CLI::App& app, Options& options) {
  app.add_option("ID", options.ids, "IDs, - to read them from standard input, or ALL")->required();
  app.add_flag("--yes", options.yes, "do it to all that ALL selects");
}

void SessionIds(CLI::App& app, Options& options) {
  app.add_option("ID", options.ids, "SessionIDs")->required();
}

void WhichSessions(CLI::App& app, Options& options) {
  Limit(app, options);
  app.add_flag("--open", options.open, "only those that are neither closed nor lapsed");
  app.add_option("--older-than", options.older_than, "only those without a post for so long: 12h");
}

void Rebuilding(CLI::App& app, Options& options) {
  app.add_option("ID", options.ids, "SessionIDs, or ALL")->required();
  app.add_flag("--dry-run", options.dry_run, "say what would be changed and change nothing");
  app.add_flag("--yes", options.yes, "do it to all that ALL selects");
}

void Which(CLI::App& app, Options& options) {
  app.add_option("ID", options.ids, "IDs, - to read them from standard input, or ALL");
  Filter(app, options);
  app.add_flag("--yes", options.yes, "do it to all that a filter or ALL selects");
}

void Name(CLI::App& app, Options& options) {
  app.add_option("NAME", options.name, "the action, as the configuration names it")->required();
}

void Try(CLI::App& app, Options& options) {
  Name(app, options);
  app.add_option("--post", options.post, "with this stored post; otherwise with a made-up one");
  app.add_flag("--send", options.send, "send it, and say what the answer would mean");
}

void Sending(CLI::App& app, Options& options) {
  app.add_option("URL", options.url, "where script.fcgi is, http:// or https://")->required();
  app.add_option("--format", options.format, "form or xml")
      ->check(CLI::IsMember({"form", "xml"}))
      ->capture_default_str();
  app.add_option("--event", options.event, "only the post of this event; otherwise all four")
      ->check(CLI::IsMember({"started", "updated", "resumed", "closed"}));
  app.add_option("--session", options.session, "the SessionID; otherwise a random one");
  app.add_option("--tracking", options.tracking, "Tracking0, the case in the CRM")
      ->capture_default_str();
  app.add_option("--user", options.user, "name:password for HTTP Basic");
  app.add_option("--repeat", options.repeat, "how many sessions")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
}

void Examining(CLI::App& app, Options& options) {
  auto* url = app.add_option("--url", options.url,
                             "instead: is the web server before script.fcgi well, at this URL");
  app.add_option("--ca-file", options.ca_file, "the certificate of an authority of your own")
      ->needs(url);
}

void Checking(CLI::App& app, Options& options) {
  app.add_flag("--dump", options.dump, "print the effective configuration, secrets masked");
}

void Delivering(CLI::App& app, Options& options) {
  app.add_flag("--once", options.once, "deliver what is due now, and end");
}

void Pruning(CLI::App& app, Options& options) {
  app.add_flag("--dry-run", options.dry_run, "say what would be removed, and change nothing");
}

struct Command {
  const char* group;  // "" for a command of one word
  const char* name;
  const char* does;
  AddOptions options;
  int (*run)(const Options&);
};

constexpr Command kCommands[] = {
    {"", "check", "read the configuration and the store, and report every problem", &Checking,
     &Check},
    {"", "send", "post a made-up session as Rescue would", &Sending, &Send},
    {"post", "list", "the stored posts", &Limit, &ListPosts},
    {"post", "show", "a post as expressions see it", &Ids, &ShowPost},
    {"post", "replay", "run posts through today's actions once more", &Ids, &ReplayPosts},
    {"session", "list", "the sessions, those with the newest posts first", &WhichSessions,
     &ListSessions},
    {"session", "show", "a session: its transcript, posts and deliveries", &SessionIds,
     &ShowSession},
    {"session", "rebuild", "fold the stored posts anew, by today's program and configuration",
     &Rebuilding, &RebuildSessions},
    {"session", "erase", "remove a session for ever, with all that is kept of it", &SessionIds,
     &EraseSessions},
    {"queue", "list", "the deliveries, with their last error and next try", &FilterAndLimit,
     &ListQueue},
    {"queue", "show", "deliveries by ID", &Ids, &ShowDelivery},
    {"queue", "retry", "make dead and waiting deliveries due now", &Which, &RetryDeliveries},
    {"queue", "hold", "stop due deliveries; later ones of their sessions wait", &Which,
     &HoldDeliveries},
    {"queue", "release", "let held deliveries go on", &Which, &ReleaseDeliveries},
    {"queue", "drop", "remove deliveries for ever", &Which, &DropDeliveries},
    {"action", "list", "the actions, with the number of deliveries in each state", &Nothing,
     &ListActions},
    {"action", "pause", "stop delivering; the queue waits", &Name, &PauseAction},
    {"action", "resume", "go on after a pause", &Name, &ResumeAction},
    {"action", "try", "print what an action would send", &Try, &TryAction},
    {"quarantine", "list", "posts that could not be decoded", &Limit, &ListQuarantined},
    {"quarantine", "show", "one of them: its bytes as they came", &Ids, &ShowQuarantined},
    {"quarantine", "retry", "decode them again; what can be read now becomes a post", &IdsOrAll,
     &RetryQuarantined},
    {"quarantine", "drop", "remove them for ever", &IdsOrAll, &DropQuarantined},
    {"", "deliver", "the delivery service", &Delivering, &Deliver},
    {"", "prune", "remove what is older than [store] keep_done and keep_quarantined", &Pruning,
     &Prune},
    {"", "doctor", "is all well: the store, the disk, the queue; or a URL", &Examining, &Doctor},
    {"", "metrics", "numbers about the store, as Prometheus reads them", &Nothing, &Metrics},
};

const std::map<std::string, const char*> kGroups{
    {"post", "stored posts"},
    {"session", "support sessions, as their posts tell of them"},
    {"queue", "deliveries on their way, done and dead"},
    {"action", "what the configuration does with posts"},
    {"quarantine", "posts that could not be decoded"},
};

class CommandLine {
 public:
  CommandLine() {
    app_.name("rescue-relay");
    app_.set_version_flag("--version", "rescue-relay " RELAY_VERSION);
    app_.require_subcommand(1);
    AddConfig(app_);
    app_.failure_message(CLI::FailureMessage::simple);
    for (const Command& command : kCommands) Add(command);
  }

  int Run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? kExitDone : kExitUsage;
    }
    return chosen_->run(options_);
  }

 private:
  void Add(const Command& command) {
    CLI::App* parent = std::string_view(command.group).empty() ? &app_ : Group(command.group);
    CLI::App* sub = parent->add_subcommand(command.name, command.does);
    AddConfig(*sub);
    sub->add_flag("--json", options_.json, "one JSON object a line");
    command.options(*sub, options_);
    sub->callback([this, &command] { chosen_ = &command; });
  }

  // Before the command or after it: that is where one adds it to a line typed before.
  void AddConfig(CLI::App& app) {
    app.add_option("-c,--config", options_.config,
                   "the configuration; otherwise RESCUE_RELAY_CONFIG, otherwise "
                   "/etc/rescue-relay/relay.toml");
  }

  CLI::App* Group(const char* name) {
    auto [group, added] = groups_.try_emplace(name, nullptr);
    if (added) {
      group->second = app_.add_subcommand(name, kGroups.at(name));
      group->second->require_subcommand(1);
      AddConfig(*group->second);
    }
    return group->second;
  }

  CLI::App app_{"Operates the receiver of LogMeIn Rescue's Post to URL."};
  std::map<std::string, CLI::App*> groups_;
  Options options_;
  const Command* chosen_ = nullptr;
};

}  // namespace

int RunCommandLine(int argc, char** argv) {
  return CommandLine().Run(argc, argv);
}

}  // namespace relay
