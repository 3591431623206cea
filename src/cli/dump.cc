#include "cli/dump.h"

#include <fmt/format.h>

#include "base/json.h"

namespace relay {
namespace {

// TOML's basic strings are JSON's, but for a few escapes that do not occur here.
std::string Quoted(const std::string& text) {
  return ToText(Json(text));
}

std::string DurationText(Duration duration) {
  const auto ms = duration.count();
  for (const auto& [unit, size] :
       {std::pair{"d", 86'400'000L}, {"h", 3'600'000L}, {"m", 60'000L}, {"s", 1000L}}) {
    if (ms % size == 0) return fmt::format("\"{}{}\"", ms / size, unit);
  }
  return fmt::format("\"{}ms\"", ms);
}

std::string DumpAction(const ActionConfig& action) {
  std::string text = fmt::format("\n[action.{}]\ntype = \"{}\"\n", action.name, action.type);
  if (action.when) text += fmt::format("when = {}\n", Quoted(action.when->text));
  text += fmt::format("timeout = {}\nconcurrency = {}\norder = \"{}\"\non_dead = \"{}\"\n",
                      DurationText(action.timeout), action.concurrency,
                      action.order == Order::Session ? "session" : "none",
                      action.on_dead == OnDead::Skip ? "skip" : "hold");
  text += fmt::format("retry = {{ first = {}, max = {}, give_up = {} }}\n",
                      DurationText(action.retry.first), DurationText(action.retry.max),
                      DurationText(action.retry.give_up));
  return text;
}

std::string DumpSession(const Config& config) {
  std::string text;
  if (config.session.give_up) {
    text += fmt::format("give_up = {}\n", DurationText(*config.session.give_up));
  }
  const std::string& zone = config.view.time_zone.name();
  if (zone != TimeZone().name()) text += fmt::format("timezone = {}\n", Quoted(zone));
  std::string lines;
  for (const std::string& line : config.view.system_lines.more) {
    lines += (lines.empty() ? "" : ", ") + Quoted(line);
  }
  if (!lines.empty()) text += fmt::format("system_lines = [{}]\n", lines);
  return text.empty() ? text : "\n[session]\n" + text;
}

// How many rules there are; what they look for may say too much.
std::string DumpPrivacy(const Redaction& redaction) {
  std::string drop;
  for (const std::string& variable : redaction.drop) {
    drop += (drop.empty() ? "" : ", ") + Quoted(variable);
  }
  std::string text;
  if (!drop.empty()) text += fmt::format("drop = [{}]\n", drop);
  if (!redaction.rules.empty()) text += fmt::format("# redact: {} rules\n", redaction.rules.size());
  return text.empty() ? text : "\n[privacy]\n" + text;
}

std::string DumpAccess(const IntakeConfig& intake) {
  std::string text;
  if (!intake.users_file.empty()) {
    text += fmt::format("users_file = {}\n", Quoted(intake.users_file));
  }
  std::string origins;
  for (const std::string& origin : intake.allow_origins) {
    origins += (origins.empty() ? "" : ", ") + Quoted(origin);
  }
  if (!origins.empty()) text += fmt::format("allow_origins = [{}]\n", origins);
  return text;
}

std::string DumpMetricsFile(const WatchConfig& watch) {
  if (watch.metrics_file.empty()) return "";
  return fmt::format("metrics_file = {}\n", Quoted(watch.metrics_file));
}

std::string DumpNotify(const NotifyConfig& notify) {
  return fmt::format("\n[notify]\naction = {}\nevery = {}\nbacklog = {}\n", Quoted(notify.action),
                     DurationText(notify.every), DurationText(notify.backlog));
}

}  // namespace

std::string DumpConfig(const Config& config) {
  std::string text = fmt::format(
      "[store]\nurl = {}\nmin_free = {}\nkeep_done = {}\nkeep_quarantined = {}\n"
      "\n[intake]\nmax_body = {}\nthreads = {}\ntrust_remote_user = {}\n{}"
      "\n[delivery]\nrun_in = \"{}\"\nworkers = {}\n"
      "\n[watch]\nlog_posts = {}\n{}",
      Quoted("sqlite:" + config.store.path), config.store.min_free,
      DurationText(config.store.keep_done), DurationText(config.store.keep_quarantined),
      config.intake.max_body, config.intake.threads, config.intake.trust_remote_user,
      DumpAccess(config.intake),
      config.delivery.run_in == RunIn::ScriptFcgi ? "script.fcgi" : "service",
      config.delivery.workers, config.watch.log_posts, DumpMetricsFile(config.watch));
  text += DumpSession(config) + DumpPrivacy(config.redaction);
  if (config.notify) text += DumpNotify(*config.notify);
  for (const auto& [name, endpoint] : config.endpoints) {
    text += fmt::format("\n[endpoint.{}]\n", name);
    if (endpoint.event) text += fmt::format("event = \"{}\"\n", EventName(*endpoint.event));
  }
  const Labels& labels = config.view.labels;
  if (!labels.empty()) text += "\n[labels]\n";
  for (const auto& [name, label] : labels) text += fmt::format("{} = {}\n", name, Quoted(label));
  if (!config.secrets.empty()) text += "\n[secrets]\n";
  for (const auto& [name, value] : config.secrets.items()) {
    text += fmt::format("{} = \"********\"\n", name);
  }
  for (const ActionConfig& action : config.actions) text += DumpAction(action);
  return text;
}

}  // namespace relay
