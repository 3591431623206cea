// Certificates on both sides, with nginx as the target.
#include <fmt/format.h>
#include <unistd.h>

#include "support/certificates.h"
#include "support/web_server.h"
#include "unit/action/action_fixture.h"

namespace relay {
namespace {

using testing::HasSubstr;

class HttpTls : public ActionTest {
 protected:
  HttpTls() { test::MakeCertificates(folder_.path()); }

  // A server that answers 201 to who shows a certificate of the authority.
  test::WebServer Start() {
    const std::string folder = folder_.path().string();
    const std::string user = geteuid() == 0 ? "user www-data;" : "";
    return test::StartWebServer(
        [&](int port) {
          folder_.Write("nginx.conf", fmt::format(R"({1}
daemon off; pid {0}/nginx.pid; error_log {0}/error.log info; events {{ }}
http {{ access_log off; client_body_temp_path {0}/body; proxy_temp_path {0}/proxy;
  fastcgi_temp_path {0}/fastcgi; uwsgi_temp_path {0}/uwsgi; scgi_temp_path {0}/scgi;
  server {{ listen 127.0.0.1:{2} ssl; listen 127.0.0.2:{2} ssl;
    ssl_certificate {0}/server.pem; ssl_certificate_key {0}/server.key;
    ssl_client_certificate {0}/ca.pem; ssl_verify_client on;
    location / {{ return 201; }} }} }}
)",
                                                  folder, user, port));
          return test::ProcessOptions{.argv = {"/usr/sbin/nginx", "-c", folder + "/nginx.conf",
                                               "-e", folder + "/error.log"}};
        },
        folder_.path() / "error.log");
  }

  std::string File(const char* key, const char* name) {
    return fmt::format("{} = \"{}\"\n", key, (folder_.path() / name).string());
  }

  Outcome RunTo(int port, const std::string& keys) {
    return Run(fmt::format("[action.a]\ntype = \"http\"\nurl = \"https://localhost:{}/\"\n{}", port,
                           keys));
  }

  test::TempDir folder_;
};

TEST_F(HttpTls, TrustsItsOwnAuthorityAloneAndShowsItsCertificate) {
  const test::WebServer server = Start();
  const std::string trusted = File("ca_file", "ca.pem");
  const std::string shown = File("client_cert", "server.pem") + File("client_key", "server.key");
  EXPECT_EQ(RunTo(server.port, trusted + shown).kind, OutcomeKind::Done);

  Outcome outcome = RunTo(server.port, trusted);
  EXPECT_EQ(outcome.kind, OutcomeKind::Dead) << "without a certificate of its own";
  EXPECT_EQ(outcome.reason, "HTTP 400");

  for (const std::string& stranger : {std::string(), File("ca_file", "other-ca.pem")}) {
    outcome = RunTo(server.port, stranger + shown);
    EXPECT_EQ(outcome.kind, OutcomeKind::Retry) << stranger;
    EXPECT_THAT(outcome.reason, HasSubstr("certificate"));
  }
}

TEST_F(HttpTls, AHostOfAnotherNameIsNotTrusted) {
  const test::WebServer server = Start();
  // 127.0.0.2 is the same server under a name that its certificate does not have.
  const Outcome outcome =
      Run(fmt::format("[action.a]\ntype = \"http\"\nurl = \"https://127.0.0.2:{}/\"\n{}",
                      server.port, File("ca_file", "ca.pem")));
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry);
}

}  // namespace
}  // namespace relay
