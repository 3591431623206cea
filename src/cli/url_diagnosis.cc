#include "cli/url_diagnosis.h"

#include <fmt/format.h>

namespace relay {
namespace {

constexpr const char* kNotMapped =
    "the path is not mapped to script.fcgi: is the file of nginx/ or apache/ included in the "
    "server "
    "block or virtual host of this name, and is the path right?";
constexpr const char* kPassIt =
    "nginx passes Authorization by itself with `include fastcgi_params`; Apache needs `CGIPassAuth "
    "On`, with mod_fcgid `FcgidPassHeader Authorization`";
constexpr const char* kBodyLimits =
    "nginx: client_max_body_size; Apache: LimitRequestBody, with mod_fcgid FcgidMaxRequestLen; "
    "lighttpd: server.max-request-size; Caddy: request_body max_size";

Finding Bad(std::string detail) {
  return {Status::Error, std::move(detail)};
}

bool Says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string FirstLine(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

Finding DiagnoseCertificate(const SendError& error) {
  const std::string& words = error.detail;
  std::string advice = "the consoles must trust it, too";
  if (Says(words, "expired")) advice = "renew it";
  if (Says(words, "not yet valid")) advice = "look at the clocks";
  if (Says(words, "no alternative certificate") || Says(words, "does not match")) {
    advice = "it is for another name than the URL has: use that one, or get one for this name";
  }
  if (Says(words, "self-signed") || Says(words, "self signed")) {
    advice =
        "nobody else vouches for it: get one of a known authority, or have every console trust "
        "it and give its authority here with --ca-file";
  }
  if (Says(words, "unable to get local issuer")) {
    advice =
        "its authority is unknown here: the web server must send the intermediate certificates, "
        "too (the full chain); an authority of your own is given with --ca-file";
  }
  return Bad(fmt::format("{}: {}", words.empty() ? error.reason : words, advice));
}

Finding DiagnoseRedirect(const WebUrl& url, const HttpAnswer& answer) {
  std::string target = HeaderOf(answer, "location");
  if (target.starts_with('/')) target = url.Origin() + target;
  return Bad(
      fmt::format("HTTP {}: it sends elsewhere, and Rescue would lose the post. Configure that "
                  "URL in the Administration Center, or take the redirection away: {}",
                  answer.status, target));
}

Finding DiagnoseRefused(const WebUrl& url, const HttpAnswer& answer) {
  if (url.credentials.empty()) {
    return Bad(
        "HTTP 401: a password is asked for; write the URL as "
        "https://NAME:PASSWORD@HOST/…, here and in the Administration Center");
  }
  if (!IsFromProgram(answer)) {
    return Bad(
        "HTTP 401: the web server refuses the user name and password of the URL; look at its "
        "file of users (auth_basic_user_file, AuthUserFile)");
  }
  if (Says(answer.body, "none came")) {
    return Bad(
        fmt::format("HTTP 401: the URL has a user name and a password, but they do not reach the "
                    "program: {}",
                    kPassIt));
  }
  return Bad(
      "HTTP 401: the program finds the user name and password of the URL wrong; look at "
      "[intake] users_file");
}

Finding DiagnoseTaken(const HttpAnswer& answer) {
  if (answer.body.starts_with("stored ")) {
    return Bad(
        "the test post was stored as a real one: this script.fcgi knows no test posts; upgrade "
        "it");
  }
  return Bad(
      fmt::format("HTTP 200, but not by script.fcgi: every post would be lost and nobody would "
                  "notice; {}",
                  kNotMapped));
}

Finding DiagnoseUnavailable(const HttpAnswer& answer) {
  if (IsFromProgram(answer)) {
    return Bad(fmt::format("HTTP {} by the program: {}", answer.status, FirstLine(answer.body)));
  }
  return Bad(
      fmt::format("HTTP {}: the web server does not reach the program: systemctl status "
                  "rescue-relay.socket rescue-relay.service; the socket must be where the web "
                  "server's file says, and open to the web server's user",
                  answer.status));
}

Finding DiagnoseOther(const HttpAnswer& answer) {
  if (Says(answer.body, "it was quarantined")) {
    return Bad(
        "the test post was taken for a real one: this script.fcgi knows no test posts; upgrade "
        "it, and drop what it has quarantined");
  }
  if (IsFromProgram(answer)) {
    return Bad(fmt::format("HTTP {} by the program: {}", answer.status, FirstLine(answer.body)));
  }
  return Bad(fmt::format("HTTP {}: the web server's error log says why", answer.status));
}

}  // namespace

Finding DiagnoseUnreachable(const WebUrl& url, const SendError& error) {
  const std::string& words = error.detail.empty() ? error.reason : error.detail;
  switch (error.stage) {
    case SendStage::Name:
      return Bad(words + ": the name is not in the DNS that this machine asks");
    case SendStage::Connection:
      return Bad(words + ": does the web server run, listen there, and does the firewall let it?");
    case SendStage::TimeOut:
      return Bad(words + ": a firewall that swallows packets, or a program that does not answer");
    case SendStage::Certificate:
      return DiagnoseCertificate(error);
    case SendStage::Other:
      break;
  }
  return Bad(fmt::format("{}: does the server speak {} there?", words, url.scheme));
}

Finding DiagnosePost(const WebUrl& url, const Visit& visit) {
  if (visit.reply) return {Status::Ok, "script.fcgi answers; nothing was stored"};
  if (!visit.answer) return DiagnoseUnreachable(url, visit.error);
  const HttpAnswer& answer = *visit.answer;
  if (answer.status >= 300 && answer.status < 400) return DiagnoseRedirect(url, answer);
  switch (answer.status) {
    case 200:
      return DiagnoseTaken(answer);
    case 401:
      return DiagnoseRefused(url, answer);
    case 403:
      return Bad(
          "HTTP 403: the web server lets nobody in here; nginx: allow, deny; Apache: Require");
    case 404:
    case 405:
      return Bad(fmt::format("HTTP {}: {}", answer.status, kNotMapped));
    case 502:
    case 503:
    case 504:
      return DiagnoseUnavailable(answer);
    default:
      return DiagnoseOther(answer);
  }
}

Finding DiagnoseGet(const Visit& visit) {
  if (visit.answer && visit.answer->status == 405 && IsFromProgram(*visit.answer)) {
    return {Status::Ok, "GET gets 405 from script.fcgi"};
  }
  if (!visit.answer) return Bad("GET: " + visit.error.reason);
  return Bad(
      fmt::format("GET gets HTTP {} and not script.fcgi's 405: something else answers at this "
                  "URL, a static file or another location",
                  visit.answer->status));
}

Finding DiagnosePassword(const WebUrl& url, const TestReply& post, const Visit& bare) {
  if (url.credentials.empty()) {
    return {Status::Warning, "none is asked for: whoever knows the URL can post"};
  }
  const bool asked = bare.answer && bare.answer->status == 401;
  if (asked && post.authorization) return {Status::Ok, "it is asked for, and the URL's is right"};
  if (asked) return {Status::Ok, "the web server asks for it, and the URL's is right"};
  if (!post.authorization) {
    return Bad(fmt::format("the URL has one, but it does not reach the program: {}", kPassIt));
  }
  if (bare.reply) {
    return {Status::Warning,
            "posts without one are taken, too: set [intake] users_file, or let the web server ask"};
  }
  return {Status::Warning, "a post without one gets neither 401 nor is it taken"};
}

Finding DiagnoseEndpoint(const WebUrl& url, const TestReply& post, const Visit& below,
                         const std::string& segment) {
  const std::string named = url.EndpointInPath();
  if (post.from == "RESCUE_RELAY_ENDPOINT") {
    return {Status::Ok, fmt::format("the web server names it: {}", post.endpoint)};
  }
  if (post.endpoint != named && !named.empty()) {
    return Bad(
        fmt::format("the URL names {}, and \"{}\" arrives: pass PATH_INFO (nginx: "
                    "fastcgi_split_path_info and fastcgi_param PATH_INFO; Apache: "
                    "AcceptPathInfo On, with mod_proxy_fcgi proxy-fcgi-pathinfo)",
                    named, post.endpoint));
  }
  const std::string expected = post.endpoint.empty() ? segment : post.endpoint + "/" + segment;
  if (!below.reply || below.reply->endpoint != expected) {
    return {Status::Warning,
            fmt::format(
                "what is added to the URL, as in {}/closed, does not arrive: endpoints cannot be "
                "told by it. Pass PATH_INFO and map the paths below, too, where you use them",
                url.Origin() + url.path)};
  }
  if (below.reply->from != "PATH_INFO") {
    return {Status::Warning,
            "PATH_INFO does not arrive; REQUEST_URI helps out as long as no URL is "
            "rewritten"};
  }
  return {Status::Ok, "what is added to the URL arrives"};
}

Finding DiagnoseLarge(const Visit& visit, std::size_t bytes) {
  if (visit.reply && visit.reply->bytes == bytes) {
    return {Status::Ok, fmt::format("a post of {} bytes arrives whole", bytes)};
  }
  if (visit.reply) {
    return Bad(fmt::format("of a post of {} bytes {} arrive", bytes, visit.reply->bytes));
  }
  if (!visit.answer) {
    return Bad(fmt::format("a post of {} bytes: {}; a limit of the web server ({})?", bytes,
                           visit.error.reason, kBodyLimits));
  }
  if (IsFromProgram(*visit.answer)) {
    return Bad(fmt::format("a post of {} bytes gets HTTP {} by the program: {}", bytes,
                           visit.answer->status, FirstLine(visit.answer->body)));
  }
  return Bad(
      fmt::format("a post of {} bytes, which [intake] max_body allows, gets HTTP {} from the web "
                  "server: raise its limit ({})",
                  bytes, visit.answer->status, kBodyLimits));
}

}  // namespace relay
