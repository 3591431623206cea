// What operators get wrong, each found by `check` with a message that says where, and what to do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "e2e/deployment.h"

namespace relay::test {
namespace {

using testing::HasSubstr;

struct Mistake {
  const char* name;
  const char* toml;  // DIR is a folder with the files below
  int line;          // 0: of no line
  const char* message;
};

constexpr Mistake kMistakes[] = {
    {"NoToml", "[store\n", 1, "expected ']'"},
    {"UnknownKey", "[intake]\nmax_bdy = \"1MiB\"\n", 2, "did you mean \"max_body\"?"},
    {"UnknownTable", "[delivry]\n", 1, "did you mean \"delivery\"?"},
    {"NoUnit", "[store]\nkeep_done = \"90\"\n", 2, "must be a duration such as"},
    {"NotInRange", "[delivery]\nworkers = 0\n", 2, "must be a whole number from 1"},
    {"FolderOfStoreMissing", "[store]\nurl = \"sqlite:DIR/none/relay.db\"\n", 0,
     "/none does not exist; create it, owned by the user that script.fcgi runs as"},
    {"StoreThatIsNotThereYet", "[store]\nurl = \"postgresql://db/relay\"\n", 2,
     "PostgreSQL is not available in this version; use sqlite:/path"},
    {"StoreIsNoDatabase", "[store]\nurl = \"sqlite:DIR/text\"\n", 0, "file is not a database"},
    {"SecretMissing", "[secrets]\na = { file = \"DIR/none\" }\n", 2, "No such file or directory"},
    {"SecretEmpty", "[secrets]\na = { file = \"DIR/empty\" }\n", 2, "it is empty"},
    {"CredentialWithoutSystemd", "[secrets]\na = { credential = \"crm\" }\n", 2,
     "systemd sets it for units with LoadCredential="},
    {"WeakPassword", "[intake]\nusers_file = \"DIR/md5\"\n", 2,
     "make one with `htpasswd -B` or `mkpasswd`"},
    {"UsersThatAllCanChange", "[intake]\nusers_file = \"DIR/open\"\n", 2,
     "others can change it. Make it private: chmod 640"},
    {"TwoWhoSayWhoPosts", "[intake]\ntrust_remote_user = true\nusers_file = \"DIR/users\"\n", 3,
     "only one of them can say who posts"},
    {"NoOrigin", "[intake]\nallow_origins = [\"*\"]\n", 2, "each must be like"},
    {"NoEvent", "[endpoint.end]\nevent = \"close\"\n", 2, "did you mean \"closed\"?"},
    {"NoTimeZone", "[session]\ntimezone = \"Berlin\"\n", 2, "there is no zone \"Berlin\""},
    {"NoPattern", "[privacy]\nredact = [{ pattern = \"(\" }]\n", 2, "missing )"},
    {"NoActionType", "[action.a]\ntype = \"mail\"\n", 2, "did you mean \"email\"?"},
    {"NoUrl", "[action.a]\ntype = \"http\"\nurl = \"crm.example/cases\"\n", 1,
     "must begin with http:// or https://"},
    {"SyntaxOfAnExpression",
     "[action.a]\ntype = \"http\"\nwhen = '.event =='\nurl = \"https://x/\"\n", 3,
     "when: expression 1: syntax error"},
    {"AssignmentInPlaceOfAComparison",
     "[action.a]\ntype = \"http\"\nwhen = '.event = \"closed\"'\nurl = \"https://x/\"\n", 1,
     "when: gives an object, which counts as true whatever is posted; to compare is =="},
    {"KeyThatOthersCanRead",
     "[action.a]\ntype = \"http\"\nurl = \"https://x/\"\nclient_key = \"DIR/open\"\n", 4,
     "others can read it. Make it private: chmod 640"},
    {"UnknownFunction", "[action.a]\ntype = \"http\"\nurl = \"https://x/{{ .a | uri }}\"\n", 3,
     "uri/0 is not defined"},
    {"MisspeltVariable", "[action.a]\ntype = \"http\"\nurl = \"https://x/{{ .Tracking }}\"\n", 1,
     "{{ .Tracking }}: is null (with a made-up post"},
    {"SecretThatIsNoneOfThem",
     "[action.a]\ntype = \"http\"\nurl = \"https://x/\"\n"
     "headers = { Authorization = \"Bearer {{ $secret.crm }}\" }\n",
     1, "{{ $secret.crm }}: is null"},
    {"ProgramMissing", "[action.a]\ntype = \"exec\"\nargv = [\"DIR/none\"]\n", 1,
     "argv: the program cannot be run: No such file or directory"},
    {"ProgramThatCannotBeRun", "[action.a]\ntype = \"exec\"\nargv = [\"DIR/text\"]\n", 1,
     "argv: the program cannot be run: Permission denied"},
    {"RelativePath", "[action.a]\ntype = \"file\"\npath = \"posts.jsonl\"\n", 3,
     "must be absolute: it must begin with \"/\""},
    {"NoMailServer",
     "[action.a]\ntype = \"email\"\nsmtp = \"mail.example\"\nfrom = \"a@b\"\nto = \"c@d\"\n"
     "subject = \"x\"\ntext = \"y\"\n",
     3, "must begin with smtp:// or smtps://"},
    {"PasswordInTheUrl",
     "[action.a]\ntype = \"database\"\nurl = \"postgresql://relay:secret@db/crm\"\n"
     "table = \"t\"\n",
     3, "password"},
    {"RetriesThatShrink",
     "[action.a]\ntype = \"http\"\nurl = \"https://x/\"\nretry = { first = \"1h\", max = \"1m\" "
     "}\n",
     4, "must not be shorter than first"},
};

class Misconfigurations : public testing::TestWithParam<Mistake> {};

INSTANTIATE_TEST_SUITE_P(Each, Misconfigurations, testing::ValuesIn(kMistakes),
                         [](const auto& mistake) { return std::string(mistake.param.name); });

TEST_P(Misconfigurations, AreFoundByCheck) {
  TempDir dir;
  dir.Write("text", std::string(5000, 'x'));
  dir.WriteSecret("empty", "");
  dir.Write("md5", "rescue:$apr1$abcdefgh$WuSoRVWoLWFZSmyPYHgfi/\n");
  const auto users = dir.Write("users",
                               "rescue:$6$relaytest$"
                               "ur4hBxCZ9agkv6gvXBFyjS1/19F5ZmZx.XILDJkHBDf"
                               "DH9rfv0IXVG81bI7C5HAxjT6V62FFJTNpxOoEQLPpV1\n");
  std::filesystem::copy_file(users, dir.path() / "open");
  std::filesystem::permissions(dir.path() / "open", std::filesystem::perms(0666));
  std::string toml = GetParam().toml;
  for (std::size_t at = 0; (at = toml.find("DIR", at)) != std::string::npos;) {
    toml.replace(at, 3, dir.path().string());
  }
  if (toml.find("[store") == std::string::npos) {
    toml += "[store]\nurl = \"sqlite:" + (dir.path() / "relay.db").string() + "\"\n";
  }
  const auto file = dir.Write("relay.toml", toml);
  const Installation installation("");
  const Finished found = installation.Relay({"check", "-c", file});
  EXPECT_NE(found.code, 0);
  EXPECT_THAT(found.err, HasSubstr(GetParam().message));
  const std::string place = "relay.toml:" + std::to_string(GetParam().line) + ": ";
  EXPECT_TRUE(GetParam().line == 0 || found.err.find(place) != std::string::npos) << found.err;
  EXPECT_EQ(found.err.find("secret@"), std::string::npos);
}

}  // namespace
}  // namespace relay::test
