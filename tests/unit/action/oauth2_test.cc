// Access tokens of OAuth 2, from a token endpoint that keeps state.
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <thread>

#include "base/text.h"
#include "support/process.h"
#include "unit/action/action_fixture.h"

namespace relay {
namespace {

using test::Answer;
using test::SinkRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// A target whose tokens end, with its token endpoint.
class Target {
 public:
  Answer Reply(const SinkRequest& request) {
    const std::lock_guard lock(mutex_);
    if (request.target == "/token") return Grant(request);
    const auto authorization = request.headers.Find("Authorization").value_or("");
    if (authorization != scheme + " " + current_) return {.status = 401};
    written.push_back(request.target);
    return {.status = 201};
  }
  void Expire() {
    const std::lock_guard lock(mutex_);
    current_ = "none";
  }

  std::string scheme = "Bearer";
  std::string more;                 // members of the token answer
  std::optional<Answer> failure;    // of the token endpoint
  bool rotates = false;             // each refresh token is good once
  std::vector<std::string> grants;  // the forms of the token endpoint
  std::vector<std::string> written;

 private:
  Answer Grant(const SinkRequest& request) {
    grants.push_back(request.body);
    if (failure) return *failure;
    std::string rotated;
    if (rotates) {
      if (!request.body.ends_with("refresh_token=" + refresh_)) {
        return {.status = 400, .body = R"({"error":"invalid_grant"})"};
      }
      refresh_ = "refresh-" + std::to_string(grants.size());
      rotated = R"(,"refresh_token":")" + refresh_ + '"';
    }
    current_ = "token-" + std::to_string(grants.size());
    return {.body =
                R"({"access_token":")" + current_ + R"(","token_type":"x")" + more + rotated + "}"};
  }

  std::mutex mutex_;
  std::string current_ = "none";
  std::string refresh_ = "seed";
};

class OAuth2Test : public ActionTest {
 protected:
  OAuth2Test() {
    dir_.WriteSecret("secret", "s3cr&t\n");
    dir_.WriteSecret("seed", "seed\n");
  }

  std::string ActionToml(const std::string& oauth2, const std::string& path = "/write") {
    return "[secrets]\ns = { file = \"secret\" }\nseed = { file = \"seed\" }\n" + extra_secret_ +
           "[action.a]\ntype = \"http\"\nurl = \"" + sink_.Url(path) +
           "\"\njson = { x = 1 }\n[action.a.auth.oauth2]\ntoken_url = \"" + sink_.Url("/token") +
           "\"\n" + oauth2;
  }

  const std::string kClient =
      "grant = \"client_credentials\"\nclient_id = \"me\"\nclient_secret = \"{{ $secret.s }}\"\n"
      "scope = \"a b\"\n";

  std::string extra_secret_;
  Target target_;
  test::HttpSink sink_{[this](const SinkRequest& request) { return target_.Reply(request); }};
};

TEST_F(OAuth2Test, ATokenIsFetchedOnceAndKeptForAllWhoCome) {
  EXPECT_EQ(Run(ActionToml(kClient)).kind, OutcomeKind::Done);
  EXPECT_EQ(Run(ActionToml(kClient)).kind, OutcomeKind::Done) << "another process";
  EXPECT_THAT(target_.grants, ElementsAre("grant_type=client_credentials&scope=a%20b&client_id=me"
                                          "&client_secret=s3cr%26t"));
}

TEST_F(OAuth2Test, OnlyTheOwnerMayReadTheToken) {
  EXPECT_EQ(Run(ActionToml(kClient)).kind, OutcomeKind::Done);
  using std::filesystem::perms;
  const auto folder = dir_.path() / "tokens";
  EXPECT_EQ(std::filesystem::status(folder).permissions(), perms::owner_all);
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    EXPECT_EQ(file.status().permissions(), perms::owner_read | perms::owner_write) << file.path();
  }
}

TEST_F(OAuth2Test, ATokenThatHasEndedIsRenewedBeforeItIsUsed) {
  target_.more = R"(,"expires_in":"0")";
  EXPECT_EQ(Run(ActionToml(kClient)).kind, OutcomeKind::Done);
  EXPECT_EQ(Run(ActionToml(kClient)).kind, OutcomeKind::Done);
  EXPECT_THAT(target_.grants, SizeIs(2));
}

TEST_F(OAuth2Test, ATokenThatIsRefusedIsRenewedOnce) {
  EXPECT_EQ(Run(ActionToml(kClient)).kind, OutcomeKind::Done);
  target_.Expire();
  EXPECT_EQ(Run(ActionToml(kClient)).kind, OutcomeKind::Done);
  EXPECT_THAT(target_.grants, SizeIs(2));
  EXPECT_THAT(target_.written, SizeIs(2));
}

TEST_F(OAuth2Test, ANewTokenThatIsRefusedTooPausesTheAction) {
  target_.scheme = "Other";
  const Outcome outcome = Run(ActionToml(kClient));
  EXPECT_EQ(outcome.kind, OutcomeKind::AuthRefused);
  EXPECT_EQ(outcome.reason, "HTTP 401");
  EXPECT_THAT(target_.grants, SizeIs(2));
}

TEST_F(OAuth2Test, TheSchemeBeforeTheTokenCanBeNamed) {
  target_.scheme = "Zoho-oauthtoken";
  EXPECT_EQ(Run(ActionToml(kClient + "scheme = \"Zoho-oauthtoken\"\n")).kind, OutcomeKind::Done);
}

TEST_F(OAuth2Test, TheClientCanBeNamedByHttpBasic) {
  EXPECT_EQ(Run(ActionToml(kClient + "client_auth = \"basic\"\n")).kind, OutcomeKind::Done);
  EXPECT_THAT(target_.grants, ElementsAre("grant_type=client_credentials&scope=a%20b"));
  EXPECT_EQ(sink_.requests()[0].headers.Find("Authorization"), "Basic bWU6czNjciUyNnQ=");
}

TEST_F(OAuth2Test, ThePasswordGrantAndFieldsOfOnesOwn) {
  const std::string toml =
      "grant = \"password\"\nusername = \"u\"\npassword = \"{{ $secret.s }}\"\n"
      "fields = { resource = \"r\" }\n";
  EXPECT_EQ(Run(ActionToml(toml)).kind, OutcomeKind::Done);
  EXPECT_THAT(target_.grants,
              ElementsAre("grant_type=password&resource=r&username=u&password=s3cr%26t"));
}

TEST_F(OAuth2Test, ARotatedRefreshTokenTakesThePlaceOfTheConfiguredOne) {
  target_.rotates = true;
  const std::string toml = "grant = \"refresh_token\"\nrefresh_token = \"{{ $secret.seed }}\"\n";
  for (int i = 0; i < 3; ++i) {
    target_.Expire();
    EXPECT_EQ(Run(ActionToml(toml)).kind, OutcomeKind::Done) << i;
  }
  EXPECT_THAT(target_.grants,
              ElementsAre("grant_type=refresh_token&refresh_token=seed", testing::_, testing::_));
}

TEST_F(OAuth2Test, ANewlyConfiguredRefreshTokenCountsMoreThanARotatedOne) {
  const std::string toml = "grant = \"refresh_token\"\nrefresh_token = \"{{ $secret.seed }}\"\n";
  target_.more = R"(,"refresh_token":"rotated")";
  EXPECT_EQ(Run(ActionToml(toml)).kind, OutcomeKind::Done);
  dir_.WriteSecret("seed", "newer\n");
  EXPECT_EQ(Run(ActionToml(toml)).kind, OutcomeKind::Done);
  EXPECT_EQ(target_.grants.back(), "grant_type=refresh_token&refresh_token=newer");
}

TEST_F(OAuth2Test, MembersOfTheTokenAnswerNameTheTarget) {
  target_.more = R"(,"instance_url":")" + sink_.Url("/org") + R"(")";
  const std::string base = "{{ $token.instance_url }}/cases/{{ .Tracking0 }}";
  std::string toml = ActionToml(kClient);
  toml.replace(toml.find(sink_.Url("/write")), sink_.Url("/write").size(), base);
  EXPECT_EQ(Run(toml).kind, OutcomeKind::Done);
  EXPECT_THAT(target_.written, ElementsAre("/org/cases/CASE-1"));
}

TEST_F(OAuth2Test, WhatTheEndpointRefusesPausesTheAction) {
  const std::pair<Answer, const char*> rows[] = {
      {{.status = 400, .body = R"({"error":"invalid_grant"})"}, "HTTP 400, invalid_grant"},
      {{.status = 401}, "HTTP 401"},
      {{.status = 200, .body = R"({"error":"invalid_code"})"}, "HTTP 200, invalid_code"},
      {{.status = 200, .body = "<html>"}, "HTTP 200"},
      {{.status = 200, .body = R"({"access_token":5})"}, "HTTP 200"},
      {{.status = 400, .body = R"({"error":"the value s3cr&t is wrong"})"}, "HTTP 400"},
  };
  for (const auto& [answer, reason] : rows) {
    target_.failure = answer;
    const Outcome outcome = Run(ActionToml(kClient));
    EXPECT_EQ(outcome.kind, OutcomeKind::AuthRefused) << reason;
    EXPECT_EQ(outcome.reason, std::string("token endpoint: ") + reason);
  }
}

TEST_F(OAuth2Test, AnEndpointThatIsBusyOrAwayIsAskedAgainLater) {
  target_.failure = Answer{.status = 429, .headers = {{"Retry-After", "7"}}};
  Outcome outcome = Run(ActionToml(kClient));
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry);
  EXPECT_EQ(outcome.retry_after, std::chrono::seconds(7));
  target_.failure = Answer{.status = 503};
  EXPECT_EQ(Run(ActionToml(kClient)).kind, OutcomeKind::Retry);
  target_.failure = Answer{.kind = Answer::Kind::Close};
  outcome = Run(ActionToml(kClient));
  EXPECT_EQ(outcome.kind, OutcomeKind::Retry);
  EXPECT_THAT(outcome.reason, HasSubstr("token endpoint: "));
}

std::string FromBase64Url(std::string text) {
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.size() % 4 != 0) text += '=';
  std::string bytes(text.size() / 4 * 3, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                  reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  bytes.resize(bytes.size() - static_cast<std::size_t>(std::count(text.begin(), text.end(), '=')));
  return bytes;
}

TEST_F(OAuth2Test, AJwtIsSignedByTheKeyOfASecret) {
  const std::string key = (dir_.path() / "key.pem").string();
  const std::string made = test::RunToEnd({{"openssl", "genrsa", "-out", key, "2048"}}).err;
  ASSERT_TRUE(std::filesystem::exists(key)) << made;
  extra_secret_ = "key = { file = \"key.pem\" }\n";
  const std::string toml =
      "grant = \"jwt_bearer\"\nkey = \"{{ $secret.key }}\"\n"
      "claims = { iss = \"consumer\", sub = \"me@example.com\", aud = \"https://login\" }\n";
  EXPECT_EQ(Run(ActionToml(toml)).kind, OutcomeKind::Done);
  ASSERT_THAT(target_.grants, SizeIs(1));
  const std::string form = target_.grants[0];
  const std::string start =
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
  ASSERT_TRUE(form.starts_with(start)) << form;
  const std::string jwt = form.substr(start.size());
  const auto first = jwt.find('.');
  const auto second = jwt.find('.', first + 1);
  EXPECT_EQ(FromBase64Url(jwt.substr(0, first)), R"({"alg":"RS256","typ":"JWT"})");
  const Json claims = Json::parse(FromBase64Url(jwt.substr(first + 1, second - first - 1)));
  EXPECT_EQ(claims["iss"], "consumer");
  EXPECT_EQ(claims["sub"], "me@example.com");
  EXPECT_EQ(claims["aud"], "https://login");
  EXPECT_EQ(claims["exp"].get<int>() - claims["iat"].get<int>(), 180);
  // openssl itself verifies the signature.
  dir_.Write("signed", jwt.substr(0, second));
  dir_.Write("signature", FromBase64Url(jwt.substr(second + 1)));
  const auto path = [&](const char* name) { return (dir_.path() / name).string(); };
  test::RunToEnd({{"openssl", "rsa", "-in", key, "-pubout", "-out", path("public.pem")}});
  EXPECT_EQ(test::RunToEnd({{"openssl", "dgst", "-sha256", "-verify", path("public.pem"),
                             "-signature", path("signature"), path("signed")}})
                .code,
            0);
}

TEST_F(OAuth2Test, AKeyThatIsNoneIsToldByItsPlaceAlone) {
  dir_.WriteSecret("key.pem", "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n");
  extra_secret_ = "key = { file = \"key.pem\" }\n";
  const Outcome outcome = Run(ActionToml(
      "grant = \"jwt_bearer\"\nkey = \"{{ $secret.key }}\"\nclaims = { iss = \"a\" }\n"));
  EXPECT_EQ(outcome.kind, OutcomeKind::Dead);
  EXPECT_EQ(outcome.reason,
            "auth.oauth2.key: the key is no RSA private key in PEM without a password");
}

TEST_F(OAuth2Test, ManyWorkersRenewATokenOnce) {
  const std::string toml = ActionToml(kClient);
  EXPECT_EQ(Run(toml).kind, OutcomeKind::Done);
  target_.Expire();
  std::vector<std::unique_ptr<Action>> actions;
  for (int i = 0; i < 16; ++i) {
    auto action = MakeAction(config_->actions.front(), {*config_, stop_});
    ASSERT_TRUE(action);
    actions.push_back(std::move(*action));
  }
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> threads;
    for (auto& action : actions) {
      threads.emplace_back([&, this] {
        if (action->Run({document_, "store-1"}).kind == OutcomeKind::Done) ++done;
      });
    }
  }
  EXPECT_EQ(done, 16);
  EXPECT_THAT(target_.grants, SizeIs(2));
}

TEST_F(OAuth2Test, ATornTokenFileIsReplaced) {
  const std::string toml = ActionToml(kClient);
  EXPECT_EQ(Run(toml).kind, OutcomeKind::Done);
  for (const auto& file : std::filesystem::directory_iterator(dir_.path() / "tokens")) {
    std::filesystem::resize_file(file.path(), 0);
  }
  EXPECT_EQ(Run(toml).kind, OutcomeKind::Done);
  EXPECT_THAT(target_.grants, SizeIs(2));
}

TEST_F(OAuth2Test, APreviewFetchesNoTokenAndShowsNoSecret) {
  auto preview = Make(ActionToml(kClient)).Describe({document_, "try"});
  ASSERT_TRUE(preview) << preview.error().message;
  EXPECT_THAT(preview->text, HasSubstr("POST " + sink_.Url("/write")));
  EXPECT_THAT(preview->text, testing::Not(HasSubstr("s3cr")));
  EXPECT_THAT(sink_.requests(), testing::IsEmpty());
}

TEST_F(OAuth2Test, APreviewNamesWhatOnlyTheTokenAnswerTells) {
  std::string toml = ActionToml(kClient);
  toml.replace(toml.find(sink_.Url("/write")), sink_.Url("/write").size(),
               "{{ $token.service_root }}/cases");
  auto preview = Make(toml).Describe({document_, "try"});
  ASSERT_TRUE(preview) << preview.error().message;
  EXPECT_THAT(preview->text, HasSubstr("POST https://token.service_root/cases"));
}

TEST_F(OAuth2Test, WhatAGrantNeedsIsAskedForAtOnce) {
  const auto problems = [&](const std::string& oauth2) {
    return ProblemsOf("[action.a]\ntype = \"http\"\nurl = \"http://x/\"\nauth = { oauth2 = { " +
                      oauth2 + " } }\n");
  };
  EXPECT_THAT(problems("token_url = \"http://x\""), ElementsAre(HasSubstr("grant: is missing")));
  EXPECT_THAT(problems("grant = \"client_credentials\""),
              testing::UnorderedElementsAre(HasSubstr("token_url: is missing"),
                                            HasSubstr("client_id: is missing")));
  EXPECT_THAT(
      problems("grant = \"jwt_bearer\", token_url = \"http://x\""),
      testing::UnorderedElementsAre(HasSubstr("key: is missing"), HasSubstr("claims: is missing")));
  EXPECT_THAT(problems("grant = \"refresh\", token_url = \"http://x\""),
              ElementsAre(HasSubstr("must be one of")));
}

}  // namespace
}  // namespace relay
