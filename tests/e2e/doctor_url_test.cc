// doctor --url: what is wrong with the web server before the program.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "e2e/deployment.h"
#include "support/certificates.h"
#include "support/nginx.h"
#include "support/password_hash.h"
#include "support/sockets.h"

namespace relay::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// The rows by their check, and the exit status.
struct Said {
  std::map<std::string, json> rows;
  int code = 0;
  std::string out;

  std::string Status(const std::string& check) const { return Member(check, "status"); }
  std::string Detail(const std::string& check) const { return Member(check, "detail"); }

 private:
  std::string Member(const std::string& check, const char* name) const {
    const auto row = rows.find(check);
    return row == rows.end() ? "no such check" : row->second.at(name).get<std::string>();
  }
};

Said Ask(const Installation& installation, std::vector<std::string> arguments,
         std::vector<std::string> wrapper = {}) {
  wrapper.push_back(installation.dir() / "rescue-relay");
  wrapper.insert(wrapper.end(), arguments.begin(), arguments.end());
  const Finished done = RunToEnd(installation.Command(wrapper));
  Said said{.rows = {}, .code = done.code, .out = done.out + done.err};
  std::istringstream lines(done.out);
  for (std::string line; std::getline(lines, line);) {
    json row = json::parse(line);
    const std::string check = row["check"];
    said.rows[check] = std::move(row);
  }
  return said;
}

Said AskUrl(const Installation& installation, const std::string& url) {
  return Ask(installation, {"doctor", "--url", url, "--json"});
}

class ShippedConfigurations : public testing::TestWithParam<FrontEnd> {
 protected:
  std::string Config() const {
    return fmt::format("[intake]\nusers_file = \"{}\"\n[endpoint.closed]\nevent = \"closed\"\n",
                       dir_.Write("users", "rescue:" + PasswordHash("correct") + "\n").string());
  }
  Said Of(const std::string& path) const {
    return AskUrl(relay_.installation(),
                  fmt::format("http://rescue:correct@127.0.0.1:{}{}", relay_.port(), path));
  }

  TempDir dir_;
  Deployment relay_{GetParam(), Config()};
};

INSTANTIATE_TEST_SUITE_P(Each, ShippedConfigurations, testing::ValuesIn(kFrontEnds),
                         [](const auto& front_end) { return NameOf(front_end.param); });

TEST_P(ShippedConfigurations, AreWell) {
  const Said said = Of("/script.fcgi");
  EXPECT_EQ(said.code, 0) << said.out;
  for (const char* check : {"connection", "post", "get", "password", "endpoint", "body_limit"}) {
    EXPECT_EQ(said.Status(check), "ok") << check << ": " << said.Detail(check);
  }
  EXPECT_EQ(said.Status("tls"), "warning");
  EXPECT_THAT(said.Detail("body_limit"), HasSubstr("16777216"));
  EXPECT_THAT(said.out, Not(HasSubstr("correct@"))) << "the password is not shown";
  EXPECT_THAT(relay_.installation().List({"post", "list"}), IsEmpty());
  EXPECT_THAT(relay_.installation().List({"quarantine", "list"}), IsEmpty());
}

TEST_P(ShippedConfigurations, TellTheEndpointByPathInfo) {
  HttpRequest request = Post("/script.fcgi/emea/closed?x=y", "12345");
  request.headers.emplace_back("Authorization", "Basic cmVzY3VlOmNvcnJlY3Q=");  // rescue:correct
  request.headers.emplace_back("Rescue-Relay-Test", "word1");
  const auto reply = relay_.Send(request);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body,
            "test word1 endpoint=emea/closed from=PATH_INFO bytes=5 authorization=yes\n");
}

TEST_P(ShippedConfigurations, AreWellWithAUrlOfOnesOwn) {
  const Said said = Of("/7f3a9c1e/closed");
  EXPECT_EQ(said.Status("endpoint"), "ok") << said.out;
  EXPECT_EQ(said.Detail("endpoint"), "the web server names it: closed");
}

// One nginx that is wrong in many ways, each at a path of its own.
class WrongWebServer : public testing::Test {
 protected:
  static std::string Config(const TempDir& dir) {
    return fmt::format("[intake]\nusers_file = \"{}\"\n",
                       dir.Write("users", "rescue:" + PasswordHash("correct") + "\n").string());
  }
  std::string Wrong() const {
    return fmt::format(
        R"(
location = /moved {{ return 301 /script.fcgi; }}
location = /page {{ return 200 "welcome"; }}
location = /forbidden {{ deny all; }}
location = /dead {{ include fastcgi_params; fastcgi_pass unix:/nonexistent/socket; }}
location = /small {{
    client_max_body_size 1m; include fastcgi_params; fastcgi_pass unix:{socket};
}}
location = /blind {{
    include fastcgi_params; fastcgi_param HTTP_AUTHORIZATION $rescue_relay_endpoint if_not_empty;
    fastcgi_pass unix:{socket};
}}
location /lost {{
    client_max_body_size 16m; include fastcgi_params; fastcgi_pass unix:{socket};
}}
location /lost/script.fcgi/ {{
    fastcgi_param REQUEST_METHOD $request_method; fastcgi_param CONTENT_LENGTH $content_length;
    fastcgi_pass unix:{socket};
}}
location = /files {{
    if ($request_method = GET) {{ return 200 "a file"; }}
    include fastcgi_params; fastcgi_pass unix:{socket};
}}
location = /private {{
    auth_basic "Rescue"; auth_basic_user_file {others};
    include fastcgi_params; fastcgi_pass unix:{socket};
}}
)",
        fmt::arg("socket", service_.socket().string()),
        fmt::arg("others",
                 dir_.Write("others", "other:" + PasswordHash("correct") + "\n").string()));
  }
  Said Of(const std::string& path, const std::string& user = "rescue:correct@") const {
    return AskUrl(installation_, fmt::format("http://{}127.0.0.1:{}{}", user, nginx_.port(), path));
  }
  void ExpectError(const std::string& path, const std::string& check, const std::string& says) {
    const Said said = Of(path);
    EXPECT_EQ(said.code, 1) << path;
    EXPECT_EQ(said.Status(check), "error") << path << said.out;
    EXPECT_THAT(said.Detail(check), HasSubstr(says)) << path;
  }

  TempDir dir_;
  Installation installation_{Config(dir_)};
  Service service_{installation_};
  Nginx nginx_{NginxOptions{service_.socket(), Wrong()}};
};

TEST_F(WrongWebServer, IsToldByItsAnswerToAPost) {
  ExpectError(
      "/moved", "post",
      fmt::format("take the redirection away: http://127.0.0.1:{}/script.fcgi", nginx_.port()));
  ExpectError("/page", "post", "HTTP 200, but not by script.fcgi");
  ExpectError("/forbidden", "post", "HTTP 403");
  ExpectError("/nothing/here", "post", "HTTP 404: the path is not mapped");
  ExpectError("/dead", "post", "HTTP 502: the web server does not reach the program");
}

TEST_F(WrongWebServer, IsToldByGet) {
  ExpectError("/files", "get", "GET gets HTTP 200");
}

TEST_F(WrongWebServer, IsToldByItsLimit) {
  ExpectError("/small", "body_limit", "gets HTTP 413 from the web server");
  const Said said = Of("/small");
  EXPECT_THAT(said.Detail("body_limit"), HasSubstr("client_max_body_size"));
}

TEST_F(WrongWebServer, IsToldByThePasswordThatDoesNotArrive) {
  ExpectError("/blind", "post", "they do not reach the program");
  ExpectError("/private", "post", "the web server refuses the user name and password");
}

TEST_F(WrongWebServer, IsNotBlamedForAWrongPassword) {
  const Said wrong = Of("/script.fcgi", "rescue:wr0ng@");
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.Detail("post"), HasSubstr("look at [intake] users_file"));
  EXPECT_THAT(wrong.out, Not(HasSubstr("wr0ng")));
  EXPECT_THAT(Of("/script.fcgi", "").Detail("post"), HasSubstr("a password is asked for"));
}

TEST_F(WrongWebServer, IsToldByTheEndpointThatDoesNotArrive) {
  const Said said = Of("/lost");
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.Status("endpoint"), "warning");
  EXPECT_THAT(said.Detail("endpoint"), HasSubstr("does not arrive"));
  ExpectError("/lost/script.fcgi/closed", "endpoint", "the URL names closed, and \"\" arrives");
}

TEST_F(WrongWebServer, IsTriedWithTheLargestPostThatTheConfigurationAllows) {
  installation_.Configure(Config(dir_) + "max_body = \"1MiB\"\n");
  service_.Stop();
  service_.Start();
  EXPECT_THAT(Of("/script.fcgi").Detail("body_limit"),
              HasSubstr("a post of 1048576 bytes arrives whole"));
}

TEST_F(WrongWebServer, AnOpenDoorIsAWarning) {
  installation_.Configure("");
  service_.Stop();
  service_.Start();
  EXPECT_EQ(Of("/script.fcgi", "").Status("password"), "warning");
  EXPECT_THAT(Of("/script.fcgi").Detail("password"), HasSubstr("posts without one are taken, too"));
  const Said blind = Of("/blind");
  EXPECT_EQ(blind.Status("password"), "error");
  EXPECT_THAT(blind.Detail("password"), HasSubstr("does not reach the program"));
}

TEST(UrlOfNobody, IsSaidToBeSo) {
  const Installation installation("");
  const Said refused =
      AskUrl(installation, fmt::format("http://127.0.0.1:{}/script.fcgi", FreePort()));
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.Detail("connection"), HasSubstr("does the web server run"));
  // A label of more than 63 letters is in no DNS, and nobody is asked for it.
  const Said unknown = AskUrl(installation, "http://" + std::string(64, 'x') + ".invalid/");
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.Detail("connection"), HasSubstr("the name is not in the DNS"));
  EXPECT_EQ(AskUrl(installation, "rescue.example/script.fcgi").Status("url"), "error");
}

class Certificates : public testing::Test {
 protected:
  Certificates() { MakeCertificates(dir_.path()); }

  std::string WithTls(const std::string& certificate) const {
    return fmt::format(
        "listen 127.0.0.1:{0} ssl; listen 127.0.0.2:{0} ssl;\n"
        "ssl_certificate {1}/{2}.pem; ssl_certificate_key {1}/{2}.key;\n",
        port_, dir_.path().string(), certificate);
  }
  std::vector<std::string> Question(const std::string& host) const {
    return {"doctor",    "--json",
            "--ca-file", dir_.path() / "ca.pem",
            "--url",     fmt::format("https://{}:{}/script.fcgi", host, port_)};
  }

  TempDir dir_;
  const int port_ = FreePort();
  Installation installation_{""};
  Service service_{installation_};
};

TEST_F(Certificates, ThatAreGoodAreSaidToBe) {
  const Nginx nginx({service_.socket(), WithTls("server")});
  const Said said = Ask(installation_, Question("127.0.0.1"));
  EXPECT_EQ(said.code, 0) << said.out;
  EXPECT_EQ(said.Status("tls"), "ok");
  EXPECT_EQ(said.Status("body_limit"), "ok");
}

TEST_F(Certificates, ThatAreWrongAreToldApart) {
  const Nginx nginx({service_.socket(), WithTls("server")});
  const Said other_name = Ask(installation_, Question("127.0.0.2"));
  EXPECT_EQ(other_name.code, 1);
  EXPECT_THAT(other_name.Detail("tls"), HasSubstr("it is for another name"));
  const Said unknown =
      AskUrl(installation_, fmt::format("https://127.0.0.1:{}/script.fcgi", port_));
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.Detail("tls"), HasSubstr("its authority is unknown here"));
}

// libfaketime cannot be loaded before a sanitizer's own library.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_F(Certificates, ThatHaveExpiredAreToBeRenewed) {
  const Nginx nginx({service_.socket(), WithTls("server")});
  const Said expired = Ask(installation_, Question("127.0.0.1"), {"faketime", "-f", "+10d"});
  EXPECT_EQ(expired.code, 1);
  EXPECT_THAT(expired.Detail("tls"), AllOf(HasSubstr("expired"), HasSubstr("renew it")));
}
#endif

TEST_F(Certificates, ThatVouchForThemselvesAreSaidTo) {
  const Nginx nginx({service_.socket(), WithTls("ca")});
  const Said said = AskUrl(installation_, fmt::format("https://127.0.0.1:{}/script.fcgi", port_));
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.Detail("tls"), HasSubstr("nobody else vouches for it"));
}

}  // namespace
}  // namespace relay::test
