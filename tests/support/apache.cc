#include "support/apache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <string_view>
#include <vector>

namespace relay::test {
namespace {

constexpr const char* kApache = "/usr/sbin/apache2";

struct Flavour {
  const char* file;
  std::vector<std::string_view> modules;
};

Flavour FlavourOf(ApacheModule module) {
  switch (module) {
    case ApacheModule::ProxyFcgi:
      return {"rescue-relay-proxy-fcgi.conf", {"proxy", "proxy_fcgi", "setenvif"}};
    case ApacheModule::Fcgid:
      return {"rescue-relay-fcgid.conf", {"alias", "fcgid"}};
    case ApacheModule::Cgid:
      return {"rescue-relay-cgid.conf", {"alias", "cgid"}};
  }
  return {};
}

std::string LoadModules(const Flavour& flavour) {
  std::vector<std::string_view> modules = {"mpm_event",  "authz_core", "env",       "authn_core",
                                           "authz_user", "authn_file", "auth_basic"};
  modules.insert(modules.end(), flavour.modules.begin(), flavour.modules.end());
  std::string lines;
  for (std::string_view module : modules) {
    lines += fmt::format("LoadModule {0}_module /usr/lib/apache2/modules/mod_{0}.so\n", module);
  }
  return lines;
}

std::string Defines(const ApacheOptions& options) {
  std::string lines;
  for (const auto& [name, value] : options.defines) {
    lines += fmt::format("Define {} \"{}\"\n", name, value);
  }
  return lines;
}

// Debian's apache2.conf denies the whole file system first, and so does this.
std::string MainConfig(const std::filesystem::path& dir, int port, const ApacheOptions& options) {
  const Flavour flavour = FlavourOf(options.module);
  return fmt::format(
      R"({modules}
ServerName localhost
Listen 127.0.0.1:{port}
ServerRoot {dir}
DefaultRuntimeDir {dir}
PidFile {dir}/apache.pid
ErrorLog {dir}/error.log
LogLevel info
{user}
<IfModule mod_cgid.c>
    ScriptSock {dir}/cgid.sock
</IfModule>
<IfModule mod_fcgid.c>
    FcgidIPCDir {dir}/fcgid
    FcgidProcessTableFile {dir}/fcgid_shm
</IfModule>
<Directory />
    AllowOverride None
    Require all denied
</Directory>
{defines}
Include {source}/apache/{file}
{after}
)",
      fmt::arg("modules", LoadModules(flavour)), fmt::arg("port", port),
      fmt::arg("dir", dir.string()),
      fmt::arg("user", geteuid() == 0 ? fmt::format("User {0}\nGroup {0}", kWebUser) : ""),
      fmt::arg("defines", Defines(options)), fmt::arg("source", RELAY_SOURCE_DIR),
      fmt::arg("file", flavour.file), fmt::arg("after", options.after));
}

ProcessOptions Command(const std::filesystem::path& dir) {
  return {.argv = {kApache, "-D", "FOREGROUND", "-d", dir, "-f", dir / "apache.conf"}};
}

}  // namespace

Apache::Apache(const ApacheOptions& options)
    : server_(StartWebServer(
          [&](int port) {
            dir_.Write("apache.conf", MainConfig(dir_.path(), port, options));
            return Command(dir_.path());
          },
          dir_.path() / "error.log")) {}

}  // namespace relay::test
