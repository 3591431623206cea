#include "config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "support/password_hash.h"
#include "support/temp_dir.h"

namespace relay {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

class LoadConfigTest : public testing::Test {
 protected:
  LoadedConfig Load(const std::string& text) {
    return LoadConfig(dir_.Write("relay.toml", text).string(), Environ());
  }
  Environment Environ() {
    return [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      if (found == environment_.end()) return std::nullopt;
      return found->second;
    };
  }
  Config Good(const std::string& text) {
    LoadedConfig loaded = Load(text);
    EXPECT_THAT(loaded.problems, IsEmpty());
    return loaded.config.value_or(Config{});
  }
  test::TempDir dir_;
  std::map<std::string, std::string> environment_;
};

TEST_F(LoadConfigTest, ReadsEverySectionOfTheDocumentation) {
  const Config config = Good(R"(
[store]
url = "sqlite:/srv/relay.db"
min_free = "1GiB"
keep_done = "30d"
[intake]
max_body = "1MiB"
threads = 3
trust_remote_user = true
[endpoint.closed]
event = "closed"
[labels]
CField1 = "Customer number"
[delivery]
run_in = "service"
workers = 2
[action.crm]
type = "http"
when = '.event == "closed"'
method = "PUT"
url = "https://crm.example/{{ .Tracking0 }}"
headers = { Authorization = "Bearer x" }
json = { text = "{{ .transcript }}", deep = [1, { a = "{{ .x }} y" }] }
success = '.status == 204'
timeout = "3s"
concurrency = 2
order = "none"
on_dead = "hold"
retry = { first = "1s", max = "1m", give_up = "1d" }
)");
  EXPECT_EQ(config.store.path, "/srv/relay.db");
  EXPECT_EQ(config.store.min_free, 1u << 30);
  EXPECT_EQ(config.intake.max_body, 1u << 20);
  EXPECT_EQ(config.intake.threads, 3);
  EXPECT_TRUE(config.intake.trust_remote_user);
  EXPECT_EQ(config.endpoints.at("closed").event, Event::Closed);
  EXPECT_EQ(config.view.labels.at("CField1"), "Customer number");
  EXPECT_EQ(config.delivery.run_in, RunIn::Service);
  const ActionConfig* crm = config.FindAction("crm");
  ASSERT_NE(crm, nullptr);
  EXPECT_EQ(crm->when->text, ".event == \"closed\"");
  const auto& http = std::get<HttpConfig>(crm->what);
  ASSERT_EQ(http.steps.size(), 1u);
  EXPECT_EQ(http.steps[0].method, "PUT");
  EXPECT_EQ(crm->timeout, std::chrono::seconds(3));
  EXPECT_EQ(crm->order, Order::None);
  EXPECT_EQ(crm->on_dead, OnDead::Hold);
  EXPECT_EQ(crm->retry.give_up, std::chrono::days(1));
  const auto* body = std::get_if<JsonBody>(&http.steps[0].body);
  ASSERT_NE(body, nullptr);
  ASSERT_EQ(body->json.parts.size(), 2u);
  EXPECT_EQ(body->json.parts[0].text.place, "json.deep[1].a");
  // The url, two in the body, and success.
  EXPECT_EQ(crm->expressions.size(), 4u);
}

TEST_F(LoadConfigTest, ReportsEveryMistakeAtOnceWithItsLineAndTheNearestSpelling) {
  const LoadedConfig loaded = Load(R"([store]
min_fre = "1GiB"
[intake]
threads = 0
users_file = "/x"
allow_origins = ["https://x/"]
[action.crm]
type = "http"
ulr = "https://crm.example/"
order = "sesion"
timeout = "10"
[action.mail]
type = "emial"
[stroe]
)");
  EXPECT_FALSE(loaded.config);
  EXPECT_THAT(
      loaded.problems,
      ElementsAre(
          EndsWith("relay.toml:2: store: unknown key \"min_fre\" (did you mean \"min_free\"?)"),
          EndsWith("relay.toml:4: intake: threads: must be a whole number from 1 to 4096"),
          EndsWith("relay.toml:5: intake: users_file: cannot read /x: No such file or directory"),
          EndsWith("relay.toml:6: intake: allow_origins: each must be like "
                   "\"https://console.example\""),
          EndsWith("relay.toml:7: action \"crm\": url: is missing"),
          EndsWith("relay.toml:9: action \"crm\": unknown key \"ulr\" (did you mean \"url\"?)"),
          AllOf(HasSubstr(":10: action \"crm\": order: must be one of"),
                HasSubstr("did you mean \"session\"?")),
          HasSubstr(":11: action \"crm\": timeout: must be a duration"),
          AllOf(HasSubstr(":13: action \"mail\": type: must be one of"),
                HasSubstr("did you mean \"email\"?")),
          EndsWith(":14: unknown key \"stroe\" (did you mean \"store\"?)")));
}

TEST_F(LoadConfigTest, TakesUsersAndOrigins) {
  const std::string hash = test::PasswordHash("secret");
  dir_.Write("users", "rescue:" + hash + "\n");
  const auto loaded = Load(
      "[intake]\nusers_file = \"users\"\n"
      "allow_origins = [\"https://console.example\", \"http://localhost:8080\"]\n");
  ASSERT_TRUE(loaded.config) << loaded.problems[0];
  EXPECT_EQ(loaded.config->intake.users_file, dir_.path() / "users");
  EXPECT_EQ(loaded.config->intake.users.at("rescue"), hash);
  EXPECT_THAT(loaded.config->intake.allow_origins,
              ElementsAre("https://console.example", "http://localhost:8080"));
}

TEST_F(LoadConfigTest, ReportsEveryUserThatIsWrongAndTwoWhoSayWhoPosts) {
  dir_.Write("users", "ada:hunter2\nbo\n");
  EXPECT_THAT(
      Load("[intake]\ntrust_remote_user = true\nusers_file = \"users\"\n").problems,
      ElementsAre(HasSubstr("relay.toml:3: intake: users_file: "), HasSubstr("users:2: must be"),
                  HasSubstr("and trust_remote_user: only one of them can say who posts")));
}

TEST_F(LoadConfigTest, ReportsWhatIsNoOrigin) {
  for (const char* wrong : {"*", "console.example", "https://", "https://x/", "https://X",
                            "https://*.example", "null", "https://user@x"}) {
    EXPECT_THAT(Load("[intake]\nallow_origins = [\"" + std::string(wrong) + "\"]\n").problems,
                ElementsAre(HasSubstr("allow_origins: each must be like")))
        << wrong;
  }
}

TEST_F(LoadConfigTest, TakesWhatMustNotBeStored) {
  const auto loaded = Load(R"([privacy]
drop = ["TSurvey0"]
redact = [
  { pattern = '\d{13,19}', with = "[card number]" },
  { pattern = "secret", in = ["Notes"] },
]
)");
  ASSERT_TRUE(loaded.config) << loaded.problems[0];
  EXPECT_THAT(loaded.config->redaction.drop, ElementsAre("TSurvey0"));
  const auto kept =
      Redact(loaded.config->redaction,
             Fields({{"Notes", "secret 4111111111111111 secret"}, {"CField0", "secret"}}));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->all().at(0).value, "[removed] [card number] [removed]");
  EXPECT_EQ(kept->all().at(1).value, "secret");
}

TEST_F(LoadConfigTest, ReportsRulesOfPrivacyThatAreWrong) {
  const auto loaded = Load(R"([privacy]
drop = ["sessionid"]
redact = [
  "secret",
  { patern = "x" },
  { pattern = "(" },
]
[store]
)");
  EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr(":2: privacy: drop: SessionID"),
                                           HasSubstr(":4: privacy: redact: each"),
                                           HasSubstr("(did you mean \"pattern\"?)"),
                                           HasSubstr(":5: privacy: redact: pattern: is missing"),
                                           HasSubstr(":6: privacy: redact: pattern: missing )")));
  EXPECT_THAT(Load("[privacy]\nredact = \"x\"\n").problems,
              ElementsAre(HasSubstr(":2: privacy: redact: must be a list")));
}

TEST_F(LoadConfigTest, ReportsASyntaxErrorWithItsLine) {
  EXPECT_THAT(Load("[store]\nurl = \n").problems, ElementsAre(HasSubstr("relay.toml:2: ")));
}

TEST_F(LoadConfigTest, ReportsAFileThatIsNotThere) {
  const auto loaded = LoadConfig((dir_.path() / "missing.toml").string(), Environ());
  EXPECT_FALSE(loaded.config);
  EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("missing.toml")));
}

TEST_F(LoadConfigTest, ReportsAnExpressionThatIsNotClosed) {
  EXPECT_THAT(Load("[action.a]\ntype = \"http\"\nurl = \"http://x/{{ .a\"\n").problems,
              ElementsAre(HasSubstr(":3: action \"a\": url: ")));
}

TEST_F(LoadConfigTest, TakesSecretsFromFilesTheEnvironmentAndCredentials) {
  dir_.WriteSecret("token", "from a file\n");
  std::filesystem::create_directory(dir_.path() / "credentials");
  dir_.Write("credentials/cred", "from systemd");
  environment_["TOKEN"] = "from the environment";
  environment_["CREDENTIALS_DIRECTORY"] = dir_.path() / "credentials";
  const Config config = Good(R"([secrets]
a = { file = "token" }
b = { env = "TOKEN" }
c = { credential = "cred" }
)");
  EXPECT_EQ(config.secrets["a"], "from a file");
  EXPECT_EQ(config.secrets["b"], "from the environment");
  EXPECT_EQ(config.secrets["c"], "from systemd");
}

TEST_F(LoadConfigTest, ReportsSecretsThatCannotBeRead) {
  EXPECT_THAT(Load(R"([secrets]
a = { file = "missing" }
b = { env = "MISSING" }
c = { credential = "x" }
d = "in the open"
e = { file = "x", env = "Y" }
)")
                  .problems,
              ElementsAre(HasSubstr(":2: secret \"a\": cannot read"),
                          HasSubstr(":3: secret \"b\": the environment has no MISSING"),
                          HasSubstr(":4: secret \"c\": CREDENTIALS_DIRECTORY is not set"),
                          HasSubstr(":5: secret \"d\": must be"),
                          HasSubstr(":6: secret \"e\": must have exactly one")));
}

TEST_F(LoadConfigTest, TakesNoSecretThatOthersCanReadOrChange) {
  const auto token = dir_.WriteSecret("token", "hunter2");
  const auto problems_with_mode = [&](unsigned mode) {
    std::filesystem::permissions(token, std::filesystem::perms(mode));
    return Load("[secrets]\na = { file = \"token\" }\n").problems;
  };
  for (const unsigned mode : {0600, 0640, 0440, 0750}) {
    EXPECT_THAT(problems_with_mode(mode), IsEmpty()) << mode;
  }
  EXPECT_THAT(
      problems_with_mode(0644),
      ElementsAre(EndsWith(":2: secret \"a\": " + token.string() +
                           " has mode 0644: others can read it. Make it private: chmod 640 " +
                           token.string())));
  for (const unsigned mode : {0660, 0602, 0620}) {
    EXPECT_THAT(problems_with_mode(mode), ElementsAre(HasSubstr("others can change it"))) << mode;
  }
}

TEST_F(LoadConfigTest, LeavesTheModesOfCredentialsToSystemd) {
  environment_["CREDENTIALS_DIRECTORY"] = dir_.path();
  std::filesystem::permissions(dir_.Write("token", "x"), std::filesystem::perms(0444));
  EXPECT_EQ(Good("[secrets]\na = { credential = \"token\" }\n").secrets["a"], "x");
}

TEST_F(LoadConfigTest, DoesWithoutCredentialsThatAreNotGivenWhereNoneAreNeeded) {
  environment_["TOKEN"] = "t";
  const auto file = dir_.Write(
      "relay.toml", "[secrets]\na = { credential = \"token\" }\nb = { env = \"TOKEN\" }\n");
  const LoadedConfig loaded = LoadConfig(file, Environ(), Credentials::WhereGiven);
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->secrets, (Json{{"b", "t"}}));
  environment_["CREDENTIALS_DIRECTORY"] = dir_.path();  // a unit, then, that is not given this one
  EXPECT_THAT(LoadConfig(file, Environ(), Credentials::WhereGiven).problems,
              ElementsAre(HasSubstr(":2: secret \"a\": cannot read")));
}

TEST_F(LoadConfigTest, ReadsNoSecretThatIsEmptyOrHasNoEnd) {
  dir_.WriteSecret("empty", "");
  EXPECT_THAT(Load("[secrets]\na = { file = \"empty\" }\nb = { file = \"/dev/zero\" }\n").problems,
              ElementsAre(EndsWith("empty: it is empty"),
                          EndsWith("cannot read /dev/zero: it is larger than 1 MiB")));
}

TEST_F(LoadConfigTest, FindsTheFileByTheEnvironmentAndTheStoreBySystemd) {
  environment_["STATE_DIRECTORY"] = "/var/lib/a:/var/lib/b";
  environment_["RESCUE_RELAY_CONFIG"] = dir_.Write("other.toml", "[delivery]\nworkers = 5\n");
  const LoadedConfig loaded = LoadConfig(std::nullopt, Environ());
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->delivery.workers, 5);
  EXPECT_EQ(loaded.config->store.path, "/var/lib/a/relay.db");
}

TEST_F(LoadConfigTest, ChecksExpressionsWhereTheyStand) {
  const Config config = Good(R"([action.a]
type = "http"
when = '.event = = "x"'
url = "http://x/{{ .a | }}"
json = { n = "{{ nosuchfunction }}" }
)");
  EXPECT_THAT(CheckExpressions(config), ElementsAre(HasSubstr(":3: action \"a\": when: "),
                                                    HasSubstr(":4: action \"a\": url: "),
                                                    HasSubstr(":5: action \"a\": json.n: ")));
}

}  // namespace
}  // namespace relay
