#include "config/database_url.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace relay {
namespace {

Error Wrong(std::string why) {
  return {ErrorKind::BadInput, std::move(why)};
}

Error HoldsPassword() {
  return Wrong(R"(must not hold a password; write password = "{{ $secret.NAME }}")");
}

bool Take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// What stands before the separator, which is taken, too; all of it where there is none.
std::string_view TakeUntil(std::string_view& text, char separator) {
  const std::string_view taken = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(text.size(), taken.size() + 1));
  return taken;
}

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::string PercentDecode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? HexDigit(text[i + 1]) : std::nullopt;
    const auto low = high ? HexDigit(text[i + 2]) : std::nullopt;
    if (low) {
      decoded += static_cast<char>(*high * 16 + *low);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

// The parts of what follows "scheme://".
struct UrlParts {
  std::string_view user;
  std::string_view password;
  std::string_view hosts;
  std::string_view path;
  std::string_view query;
};

UrlParts Split(std::string_view rest) {
  UrlParts parts;
  std::string_view before_query = TakeUntil(rest, '?');
  parts.query = rest;
  std::string_view authority = TakeUntil(before_query, '/');
  parts.path = before_query;
  if (authority.find('@') != std::string_view::npos) {
    std::string_view user = TakeUntil(authority, '@');
    parts.user = TakeUntil(user, ':');
    parts.password = user;
  }
  parts.hosts = authority;
  return parts;
}

bool QueryNames(std::string_view query, std::string_view key) {
  while (!query.empty()) {
    std::string_view pair = TakeUntil(query, '&');
    if (TakeUntil(pair, '=') == key) return true;
  }
  return false;
}

Result<DatabaseAddress> ParsePostgreSql(const std::string& url, std::string_view rest) {
  const UrlParts parts = Split(rest);
  if (!parts.password.empty() || QueryNames(parts.query, "password")) return HoldsPassword();
  return DatabaseAddress(PostgreSqlAddress{url});
}

// "host", "host:3307", "[::1]", "[::1]:3307".
bool ParseHost(std::string_view text, MySqlAddress& address) {
  if (Take(text, "[")) {
    address.host = TakeUntil(text, ']');
    if (!text.empty() && !Take(text, ":")) return false;
  } else {
    address.host = PercentDecode(TakeUntil(text, ':'));
  }
  if (text.empty()) return true;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), address.port);
  return error == std::errc() && end == text.data() + text.size() && address.port <= 65535;
}

Result<DatabaseAddress> ParseMySql(std::string_view rest) {
  UrlParts parts = Split(rest);
  if (!parts.password.empty() || QueryNames(parts.query, "password")) return HoldsPassword();
  MySqlAddress address;
  if (!ParseHost(parts.hosts, address)) return Wrong("has a port that is none");
  address.user = PercentDecode(parts.user);
  address.database = PercentDecode(parts.path);
  while (!parts.query.empty()) {
    std::string_view value = TakeUntil(parts.query, '&');
    const std::string_view key = TakeUntil(value, '=');
    if (key != "socket") return Wrong("knows only socket= after \"?\"");
    address.socket = PercentDecode(value);
  }
  if (address.host.empty() && address.socket.empty()) return Wrong("names no host");
  if (address.database.empty()) return Wrong("names no database: mysql://user@host/database");
  return DatabaseAddress(std::move(address));
}

Result<DatabaseAddress> ParseSqlite(std::string_view path) {
  if (path.starts_with("//")) path.remove_prefix(2);
  if (!path.starts_with('/')) return Wrong("must be sqlite:/path/of/the/file");
  return DatabaseAddress(SqliteAddress{std::string(path)});
}

Result<DatabaseAddress> ParseOdbc(std::string_view connection) {
  if (Trim(connection).empty())
    return Wrong("must be odbc:CONNECTION-STRING, such as odbc:DSN=crm");
  std::string_view rest = connection;
  while (!rest.empty()) {
    std::string_view pair = TakeUntil(rest, ';');
    const std::string key = ToLower(Trim(TakeUntil(pair, '=')));
    if (key == "pwd" || key == "password") return HoldsPassword();
  }
  return DatabaseAddress(OdbcAddress{std::string(connection)});
}

}  // namespace

Result<DatabaseAddress> ParseDatabaseUrl(const std::string& url) {
  std::string_view rest = url;
  if (url.find('\0') != std::string::npos) return Wrong("holds a NUL");
  if (Take(rest, "postgresql://") || Take(rest, "postgres://")) return ParsePostgreSql(url, rest);
  if (Take(rest, "mysql://") || Take(rest, "mariadb://")) return ParseMySql(rest);
  if (Take(rest, "sqlite:")) return ParseSqlite(rest);
  if (Take(rest, "odbc:")) return ParseOdbc(rest);
  return Wrong("must be postgresql://, mysql://, sqlite:PATH or odbc:CONNECTION-STRING");
}

}  // namespace relay
