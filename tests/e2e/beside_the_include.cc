#include "e2e/beside_the_include.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "support/temp_dir.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;

std::string ApacheOwnUrl(FrontEnd front_end, const Program& program) {
  const std::string location =
      fmt::format("<Location \"{}\">\nSetEnv RESCUE_RELAY_ENDPOINT closed\n", kOwnUrl);
  if (front_end == FrontEnd::ApacheProxyFcgi) {
    return fmt::format("ProxyPass \"{}\" \"unix:{}|fcgi://rescue-relay/script.fcgi\"\n", kOwnUrl,
                       program.socket.string()) +
           location + "CGIPassAuth On\n</Location>\n";
  }
  if (front_end == FrontEnd::ApacheFcgid) {
    return fmt::format("Alias \"{}\" \"{}\"\n", kOwnUrl, program.file.string()) + location +
           "SetHandler fcgid-script\n</Location>\n";
  }
  return fmt::format("ScriptAlias \"{}\" \"{}\"\n", kOwnUrl, program.file.string()) + location +
         fmt::format("CGIPassAuth On\nSetEnv RESCUE_RELAY_CONFIG \"{}\"\n</Location>\n",
                     program.config.string());
}

// Caddy has its users in the Caddyfile: NAME HASH.
std::string CaddyPasswords(const fs::path& users) {
  std::string user = ReadFile(users);
  std::replace(user.begin(), user.end(), ':', ' ');
  return "basicauth {\n" + user + "}\n";
}

// What is indented by more than the comment's own text, from the paragraph that begins so to the
// next.
std::string ShownBelow(const std::string& heading, const std::string& file) {
  std::istringstream lines(ReadFile(file));
  std::string shown;
  bool below = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# " + heading)) below = true;
    if (below && line.starts_with("#     ")) shown += line.substr(6) + "\n";
    if (below && !shown.empty() && !line.starts_with("#     ")) break;
  }
  if (shown.empty()) throw std::runtime_error(file + " shows nothing below " + heading);
  return shown;
}

std::string Replace(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  if (at == std::string::npos) throw std::runtime_error("no " + what + " in: " + text);
  return text.replace(at, what.size(), by);
}

}  // namespace

std::string OwnUrlLines(FrontEnd front_end, const Program& program) {
  switch (front_end) {
    case FrontEnd::Nginx:
      return fmt::format(
          "location = {} {{ set $rescue_relay_endpoint closed; rewrite ^ /script.fcgi last; }}\n",
          kOwnUrl);
    case FrontEnd::Lighttpd:
      return fmt::format(
          "$HTTP[\"url\"] == \"{0}\" {{\n"
          "setenv.add-environment = ( \"RESCUE_RELAY_ENDPOINT\" => \"closed\" )\n"
          "fastcgi.server = ( \"{0}\" => (( \"socket\" => var.rescue_relay_socket, "
          "\"check-local\" => \"disable\" )) )\n}}\n",
          kOwnUrl);
    case FrontEnd::Caddy:
      return fmt::format("vars {0} rescue_relay_endpoint closed\nrewrite {0} /script.fcgi\n",
                         kOwnUrl);
    default:
      return ApacheOwnUrl(front_end, program);
  }
}

std::string PasswordLines(FrontEnd front_end, const fs::path& users) {
  switch (front_end) {
    case FrontEnd::Nginx:
      return fmt::format("auth_basic \"Rescue\"; auth_basic_user_file {};\n", users.string());
    case FrontEnd::Lighttpd:
      return fmt::format(
          "auth.backend = \"htpasswd\"\nauth.backend.htpasswd.userfile = \"{}\"\n"
          "auth.require = ( \"/script.fcgi\" => "
          "( \"method\" => \"basic\", \"realm\" => \"Rescue\", \"require\" => \"valid-user\" ) )\n",
          users.string());
    case FrontEnd::Caddy:
      return CaddyPasswords(users);
    default:
      return fmt::format(
          "<Location \"/script.fcgi\">\nAuthType Basic\nAuthName \"Rescue\"\n"
          "AuthUserFile \"{}\"\nRequire valid-user\n</Location>\n",
          users.string());
  }
}

std::string TlsLines(FrontEnd front_end, int port, const fs::path& certificates) {
  const std::string pair = (certificates / "server").string();
  switch (front_end) {
    case FrontEnd::Nginx:
      return fmt::format(
          "listen 127.0.0.1:{0} ssl; ssl_certificate {1}.pem; ssl_certificate_key {1}.key;\n", port,
          pair);
    case FrontEnd::Lighttpd:
      return fmt::format(
          "server.modules += ( \"mod_openssl\" )\n$SERVER[\"socket\"] == \"127.0.0.1:{0}\" {{\n"
          "ssl.engine = \"enable\"\nssl.pemfile = \"{1}.pem\"\nssl.privkey = \"{1}.key\"\n}}\n",
          port, pair);
    case FrontEnd::Caddy:
      return fmt::format(
          "https://127.0.0.1:{0} {{\nbind 127.0.0.1\ntls {1}.pem {1}.key\nimport {2}\n}}\n", port,
          pair, FileOf(front_end));
    default:
      return fmt::format(
          "LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so\nListen 127.0.0.1:{0}\n"
          "<VirtualHost 127.0.0.1:{0}>\nSSLEngine on\nSSLCertificateFile {1}.pem\n"
          "SSLCertificateKeyFile {1}.key\n</VirtualHost>\n",
          port, pair);
  }
}

std::string AccessLogLines(FrontEnd front_end, const fs::path& log) {
  const std::string shown = ShownBelow("THE ACCESS LOG", FileOf(front_end));
  switch (front_end) {
    case FrontEnd::Nginx:
      return shown + fmt::format("access_log {} no_query;\n", log.string());
    case FrontEnd::Lighttpd:
      return fmt::format("server.modules += ( \"mod_accesslog\" )\naccesslog.filename = \"{}\"\n",
                         log.string()) +
             shown;
    case FrontEnd::Caddy:
      return Replace(shown, "log {\n", fmt::format("log {{\noutput file {}\n", log.string()));
    default:
      return Replace(shown, "${APACHE_LOG_DIR}/access.log", log.string());
  }
}

}  // namespace relay::test
