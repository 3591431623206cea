#include "support/mail_server.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "support/certificates.h"
#include "support/deadline.h"
#include "support/sockets.h"
#include "support/unprivileged.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExim = "/usr/sbin/exim4";

std::string User() {
  if (geteuid() == 0) return kWebUser;
  return getpwuid(geteuid())->pw_name;  // NOLINT(concurrency-mt-unsafe): before any thread
}

std::string StartTlsOf(MailServerKind kind) {
  if (kind != MailServerKind::Usual) return "tls_advertise_hosts =\nauth_advertise_hosts =\n";
  return "tls_advertise_hosts = *\nauth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}\n";
}

std::string SendersOf(MailServerKind kind) {
  switch (kind) {
    case MailServerKind::Usual:
      return "  accept authenticated = *\n  deny message = 530 5.7.0 Log in first\n";
    case MailServerKind::InTheClear:
    case MailServerKind::KnowsNobody:
      break;
  }
  return "  accept\n";
}

std::string DomainsOf(MailServerKind kind) {
  return kind == MailServerKind::KnowsNobody ? "" : "*";
}

// The rules that answer with the text of a file, where there is one.
std::string Answers(const fs::path& file) {
  return fmt::format(R"(  defer condition = ${{if exists{{{0}}}}}
        condition = ${{if match{{${{readfile{{{0}}}{{}}}}}}{{^4}}}}
        message = ${{readfile{{{0}}}{{}}}}
  deny condition = ${{if exists{{{0}}}}}
       message = ${{readfile{{{0}}}{{}}}}
)",
                     file.string());
}

}  // namespace

MailServer::MailServer(MailServerKind kind) : kind_(kind) {
  MakeCertificates(dir_.path());
  Start();
}

std::string MailServer::Config() const {
  const std::string user = User();
  return fmt::format(
      R"(primary_hostname = localhost
exim_user = {user}
exim_group = {user}
spool_directory = {dir}/spool
log_file_path = {dir}/log/%slog
pid_file_path =
local_interfaces = <; 127.0.0.1.{port} ; 127.0.0.1.{tls_port} ; 127.0.0.2.{port}
daemon_smtp_ports = {port}
tls_on_connect_ports = {tls_port}
tls_certificate = {dir}/server.pem
tls_privatekey = {dir}/server.key
{starttls}host_lookup =
rfc1413_hosts =
never_users =
keep_environment =
acl_smtp_mail = senders
acl_smtp_rcpt = recipients
acl_smtp_data = mails
begin acl
senders:
{senders}recipients:
{recipients}  accept domains = {domains}
  deny message = 550 5.7.1 relay not permitted
mails:
{mails}  accept
begin routers
all:
  driver = accept
  transport = mailbox
begin transports
mailbox:
  driver = appendfile
  directory = {dir}/mailbox
  maildir_format
  envelope_to_add
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{{login}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
)",
      fmt::arg("user", user), fmt::arg("dir", dir_.path().string()), fmt::arg("port", port_),
      fmt::arg("tls_port", tls_port_), fmt::arg("starttls", StartTlsOf(kind_)),
      fmt::arg("senders", SendersOf(kind_)), fmt::arg("domains", DomainsOf(kind_)),
      fmt::arg("recipients", Answers(dir_.path() / "recipients")),
      fmt::arg("mails", Answers(dir_.path() / "mails")), fmt::arg("login", kMailUser),
      fmt::arg("password", kMailPassword));
}

// Tries other ports when it ends at once, since somebody may have taken the first.
void MailServer::Start() {
  std::string said;
  for (int attempt = 0; attempt < 3; ++attempt) {
    port_ = FreePort();
    tls_port_ = FreePort();
    const fs::path config = dir_.Write("exim.conf", Config());
    process_.emplace(AsUnprivileged({kExim, "-C", config, "-bdf"}));
    const bool answers = Deadline(std::chrono::seconds(20)).Until([&] {
      return !process_->running() ||
             (ConnectToLoopback(port_).get() >= 0 && ConnectToLoopback(tls_port_).get() >= 0);
    });
    if (answers && process_->running()) return;
    said = process_->err();
    process_.reset();
  }
  throw std::runtime_error("exim4 does not start: " + said);
}

void MailServer::Say(const std::string& to, const std::string& text) const {
  if (text.empty()) {
    fs::remove(dir_.path() / to);
    return;
  }
  fs::rename(dir_.Write(to + ".next", text), dir_.path() / to);
}

std::vector<fs::path> MailServer::mails() const {
  std::vector<fs::path> files;
  const fs::path box = dir_.path() / "mailbox" / "new";
  if (!fs::exists(box)) return files;
  for (const auto& entry : fs::directory_iterator(box)) files.push_back(entry.path());
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    return fs::last_write_time(a) < fs::last_write_time(b);
  });
  return files;
}

std::vector<fs::path> MailServer::WaitForMails(std::size_t count) const {
  static_cast<void>(
      Deadline(std::chrono::seconds(20)).Until([&] { return mails().size() >= count; }));
  return mails();
}

}  // namespace relay::test
