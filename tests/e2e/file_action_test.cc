// Deliveries as lines of a file: what was posted arrives as it was and harms nobody.
#include "e2e/file_action.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace relay::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;
using testing::UnorderedElementsAre;

std::string Guarded(const std::string& text) {
  const bool formula = !text.empty() && std::string("=+-@\t\r").find(text[0]) != std::string::npos;
  return formula ? "'" + text : text;
}

TEST_F(FileAction, WritesTheWholeDocumentAsALineOfJson) {
  Install(R"(
[action.archive]
type = "file"
path = "DIR/archive.jsonl"
[action.own]
type = "file"
path = "DIR/own.jsonl"
json = { who = "{{ .TechName }}", zero = "{{ [0] | implode }}", text = "{{ .Notes }}!", n = 1 }
)");
  Post(EncodeForm(HostileSession()));
  Deliver();
  EXPECT_THAT(States(), Each("done"));
  const auto lines = LinesOf(Path("archive.jsonl"));
  ASSERT_THAT(lines, SizeIs(1));
  json line = json::parse(lines[0]);
  for (const auto& [name, value] : HostileSession()) {
    EXPECT_EQ(line[name], name == "WorkTime" ? json(-7) : json(value)) << name;
    EXPECT_EQ(line["raw"][name], value) << name;
  }
  EXPECT_EQ(line["attempt"], 1);
  EXPECT_THAT(line["delivery_uuid"].get<std::string>(), SizeIs(36));
  for (const char* of_delivery : {"delivery_id", "delivery_uuid", "attempt"}) {
    line.erase(of_delivery);
  }
  EXPECT_EQ(line, Document("1"));
  EXPECT_EQ(ReadFile(Path("own.jsonl")),
            "{\"n\":1,\"text\":\"!\",\"who\":\"'); DROP TABLE sessions; --\","
            "\"zero\":\"\\u0000\"}\n");
}

TEST_F(FileAction, WritesCsvThatAnotherProgramReadsBackAsItWasPosted) {
  Install(R"(
[labels]
CField1 = "=Customer, \"VIP\""
[action.table]
type = "file"
path = "DIR/table.csv"
format = "csv"
columns = ["SessionID", "TechName", "TechDescr", "CField0", "CField1", "CField2", "CField3", "CField4", "CField5", "Tracking0", "TSurvey0", "TSurvey1", "TSurvey2", "TSurvey3", "TSurvey4", "WorkTime", "ChatLog", "session.posts", "session.nothing", "TSurvey9", "session.technicians"]
[action.default]
type = "file"
path = "DIR/default.csv"
format = "csv"
[action.bare]
type = "file"
path = "DIR/bare.csv"
format = "csv"
header = false
columns = ["event", "raw.WorkTime"]
)");
  Post(EncodeForm(HostileSession()));
  Deliver();  // sessions have no order among themselves
  Post(EncodeForm({{"SessionID", "2"}}));
  Deliver();
  EXPECT_THAT(States(), Each("done"));
  const auto rows = ReadCsv(Path("table.csv"));
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_EQ(rows[0][0], "SessionID");
  EXPECT_EQ(rows[0][4], "'=Customer, \"VIP\"");
  const Posted posted = HostileSession();
  for (std::size_t i = 0; i < posted.size(); ++i) {
    const auto& [name, value] = posted[i];
    EXPECT_EQ(rows[1][i], name == "WorkTime" ? value : Guarded(value)) << name;
  }
  EXPECT_THAT(std::vector(rows[1].begin() + 17, rows[1].end()),
              ElementsAre("1", "", "", "[\"'); DROP TABLE sessions; --\"]"));
  EXPECT_EQ(rows[2][0], "2");
  EXPECT_THAT(ReadFile(Path("table.csv")), EndsWith("\r\n"));

  const auto all = ReadCsv(Path("default.csv"));
  EXPECT_THAT(all, AllOf(SizeIs(3), Each(SizeIs(36))));
  EXPECT_THAT(ReadCsv(Path("bare.csv")),
              UnorderedElementsAre(ElementsAre("started", "'-7"), ElementsAre("started", "")));
}

TEST_F(FileAction, TakesAChatOfEightMegabytes) {
  Install(R"(
[action.archive]
type = "file"
path = "DIR/archive.jsonl"
json = { chat = "{{ .transcript }}" }
timeout = "60s"
[action.table]
type = "file"
path = "DIR/table.csv"
format = "csv"
columns = ["transcript"]
header = false
timeout = "60s"
)");
  std::string form;
  std::string in_json;
  std::string in_csv;
  while (form.size() < (8u << 20)) {
    form += "\"Zeile\",%0A";
    in_json += R"(\"Zeile\",\n)";
    in_csv += "\"\"Zeile\"\",\n";
  }
  Post("SessionID=1&ChatLog=" + form + "end");
  Deliver();
  EXPECT_THAT(States(), Each("done"));
  EXPECT_TRUE(ReadFile(Path("archive.jsonl")) == "{\"chat\":\"" + in_json + "end\"}\n");
  EXPECT_TRUE(ReadFile(Path("table.csv")) == "\"" + in_csv + "end\"\r\n");
}

TEST_F(FileAction, LetsNoValueLeaveItsFolder) {
  Install(R"(
[action.archive]
type = "file"
path = "DIR/out/{{ .CField0 }}.jsonl"
json = "{{ .CField0 }}"
[action.deep]
type = "file"
path = "DIR/deep/{{ .CField0 }}/log"
json = "{{ .CField0 }}"
)");
  for (const char* folder : {"out", "deep"}) {
    fs::create_directory(Path(folder));
    fs::permissions(Path(folder), fs::perms::all);
  }
  const std::vector<std::string> values{
      "../../../etc/passwd", "..",      ".",    "/etc/passwd", "a/b", "../x",
      "%2e%2e%2f",           ".hidden", "a\nb", "..\\..",      "ü 😀", ""};
  for (std::size_t i = 0; i < values.size(); ++i) {
    Post(EncodeForm({{"SessionID", std::to_string(i + 1)}, {"CField0", values[i]}}));
  }
  Deliver();
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(Path("out"))) {
    EXPECT_TRUE(entry.is_regular_file());
    found.insert(json::parse(ReadFile(entry)).get<std::string>());
  }
  EXPECT_EQ(found, std::set<std::string>(values.begin(), values.end()));
  found.clear();
  for (const auto& entry : fs::directory_iterator(Path("deep"))) {
    ASSERT_TRUE(entry.is_directory());
    EXPECT_EQ(fs::status(entry).permissions(), fs::perms(0750));
    found.insert(json::parse(ReadFile(entry.path() / "log")).get<std::string>());
  }
  found.insert("");
  EXPECT_EQ(found, std::set<std::string>(values.begin(), values.end()));
  // An empty name of a folder: "DIR/deep//log".
  const auto dead = installation_->List({"queue", "list", "--state", "dead"});
  ASSERT_THAT(dead, SizeIs(1));
  EXPECT_EQ(dead[0]["last_error"], R"(path: a name in it is empty, "." or "..")");
}

TEST_F(FileAction, WaitsUntilSomebodyMendsWhatIsWrong) {
  Install(R"(
[action.missing]
type = "file"
path = "DIR/missing/{{ .CField0 }}"
[action.too_long]
type = "file"
path = "DIR/{{ .CField1 }}"
)");
  Post("SessionID=1&CField0=SECRET-NAME&CField1=" + std::string(300, 'x'));
  Deliver();
  for (const json& row : Queue()) {
    const bool missing = row["action"] == "missing";
    EXPECT_EQ(row["state"], missing ? "due" : "dead");
    EXPECT_EQ(row["last_error"], missing ? "path: create: No such file or directory"
                                         : "path: open: File name too long");
  }
  fs::create_directory(Path("missing"));
  fs::permissions(Path("missing"), fs::perms::all);
  DeliverAgain("missing");
  EXPECT_THAT(States(), UnorderedElementsAre("dead", "done"));
  EXPECT_THAT(LinesOf(Path("missing/SECRET-NAME")), SizeIs(1));
}

TEST_F(FileAction, ShowsWhatItWouldAppendAndAppendsNothing) {
  Install(R"(
[action.table]
type = "file"
path = "DIR/{{ .SessionID }}.csv"
format = "csv"
columns = ["SessionID", "CField0"]
)");
  Post("SessionID=7&CField0=%3D1%1B");
  const json shown = json::parse(Relay({"action", "try", "table", "--post", "1", "--json"}).out);
  EXPECT_EQ(shown["path"], Path("7.csv").string());
  EXPECT_EQ(shown["header"], "\"SessionID\",CField0\r\n");
  EXPECT_EQ(shown["line"], "\"7\",'=1\x1b\r\n");
  const std::string text = Relay({"action", "try", "table", "--post", "1"}).out;
  EXPECT_THAT(text, AllOf(HasSubstr("/7.csv\n"), EndsWith("\"7\",'=1?\n")));
  EXPECT_FALSE(fs::exists(Path("7.csv")));
}

}  // namespace
}  // namespace relay::test
