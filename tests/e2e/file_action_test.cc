// Deliveries as lines of a file: what was posted arrives as it was and harms nobody, and several
// processes, crashes, full disks and logrotate leave whole lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "e2e/local_delivery.h"
#include "support/deadline.h"
#include "support/small_disk.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::seconds;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

std::vector<std::string> LinesOf(const fs::path& path) {
  std::vector<std::string> lines;
  std::istringstream text(ReadFile(path));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

// As another program reads it.
std::vector<std::vector<std::string>> ReadCsv(const fs::path& path) {
  const std::string script =
      "import csv, json, sys\n"
      "csv.field_size_limit(1 << 30)\n"
      "with open(sys.argv[1], newline='', encoding='utf-8') as file:\n"
      "    json.dump(list(csv.reader(file, strict=True)), sys.stdout)\n";
  const Finished done = RunToEnd({.argv = {"python3", "-c", script, path}});
  EXPECT_EQ(done.code, 0) << done.err;
  return json::parse(done.out);
}

std::string Guarded(const std::string& text) {
  const bool formula = !text.empty() && std::string("=+-@\t\r").find(text[0]) != std::string::npos;
  return formula ? "'" + text : text;
}

class FileAction : public LocalDelivery {
 protected:
  void Deliver() const {
    const Finished done = Relay({"deliver", "--once"});
    ASSERT_EQ(done.code, 0) << done.err;
  }
  // What waits for its next try has it now.
  void DeliverAgain(const std::string& action) const {
    ASSERT_EQ(Relay({"queue", "retry", "--action", action, "--yes"}).code, 0);
    Deliver();
  }
  std::vector<std::string> States() const {
    std::vector<std::string> states;
    for (const json& row : Queue()) states.push_back(row["state"]);
    return states;
  }
};

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

TEST_F(FileAction, TakesBackWhatDoesNotFitOnTheDisk) {
  const SmallDisk disk(1 << 20);
  Install(R"(
[action.archive]
type = "file"
path = ")" +
          (disk.path() / "table.csv").string() + R"("
format = "csv"
columns = ["SessionID", "CField0"]
)");
  Post("SessionID=1&CField0=x");
  Deliver();
  const std::string before = ReadFile(disk.path() / "table.csv");
  disk.Fill(8192);
  std::string big;
  while (big.size() < 100'000) big += "a%0A";
  Post("SessionID=2&CField0=" + big);
  Deliver();
  EXPECT_EQ(ReadFile(disk.path() / "table.csv"), before);
  const json row = Queue().front();
  EXPECT_EQ(row["state"], "due");
  EXPECT_EQ(row["last_error"], "path: append: No space left on device");
  disk.MakeRoom();
  DeliverAgain("archive");
  EXPECT_THAT(States(), ElementsAre("done", "done"));
  EXPECT_THAT(ReadCsv(disk.path() / "table.csv"), AllOf(SizeIs(3), Each(SizeIs(2))));
}

TEST_F(FileAction, IsDoneOnlyWhenTheLineAndTheNameOfTheFileAreSynced) {
  Install(R"(
[action.archive]
type = "file"
path = "DIR/out/{{ .SessionID }}/log"
)");
  fs::create_directory(Path("out"));
  fs::permissions(Path("out"), fs::perms::all);
  Post("SessionID=1");
  const std::string trace = Path("trace");
  RunIn(
      {"strace", "-f", "-y", "-s", "20", "-o", trace, "-e", "trace=write,fsync,fdatasync,pwrite64"},
      {"deliver", "--once"});
  ASSERT_THAT(States(), ElementsAre("done"));
  const auto lines = LinesOf(trace);
  const auto find = [&](std::size_t from, const std::string& call, const fs::path& path) {
    while (from < lines.size() &&
           (lines[from].find(" " + call + "(") == std::string::npos ||
            lines[from].find("<" + path.string() + ">") == std::string::npos))
      ++from;
    return from;
  };
  const std::size_t outer = find(0, "fsync", Path("out"));
  const std::size_t inner = find(0, "fsync", Path("out/1"));
  const std::size_t written = find(0, "write", Path("out/1/log"));
  const std::size_t synced = find(written, "fdatasync", Path("out/1/log"));
  const std::size_t recorded = find(written, "pwrite64", installation_->store().string() + "-wal");
  EXPECT_LT(outer, written);
  EXPECT_LT(inner, written);
  ASSERT_LT(written, lines.size());
  EXPECT_LT(synced, recorded);
  EXPECT_LT(recorded, lines.size());
}

TEST_F(FileAction, TakesBackWhatCannotBeSynced) {
  Install(R"(
[action.archive]
type = "file"
path = "DIR/archive.jsonl"
json = "{{ .SessionID }}"
)");
  Post("SessionID=1");
  Deliver();
  Post("SessionID=2");
  RunIn({"strace", "-f", "-qq", "-o", "/dev/null", "-P", Path("archive.jsonl"), "-e",
         "trace=fdatasync", "-e", "inject=fdatasync:error=EIO"},
        {"deliver", "--once"});
  EXPECT_EQ(ReadFile(Path("archive.jsonl")), "\"1\"\n");
  const json row = Queue().front();
  EXPECT_EQ(row["state"], "due");
  EXPECT_EQ(row["last_error"], "path: sync: Input/output error");
}

TEST_F(FileAction, OfSeveralProcessesLeavesWholeRowsThroughKillsAndRotation) {
  constexpr int kPosts = 150;
  Install(R"(
[action.table]
type = "file"
path = "DIR/out/table.csv"
format = "csv"
columns = ["SessionID", "CField0", "Notes"]
header = false
timeout = "1s"
concurrency = 100
retry = { first = "100ms", max = "100ms", give_up = "1d" }
)");
  fs::create_directory(Path("out"));
  fs::permissions(Path("out"), fs::perms::all);
  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += "\"line\",\n";
  const std::string notes = "&" + EncodeForm({{"Notes", lines}});
  for (int i = 1; i <= kPosts; ++i) {
    const std::string id = std::to_string(i);
    Post("SessionID=" + id + "&CField0=row+" + id + notes);
  }
  std::list<Process> processes;
  for (int i = 0; i < 4; ++i) {
    processes.emplace_back(installation_->Command({Path("rescue-relay"), "deliver"}));
  }
  for (int round = 1; round <= 3; ++round) {
    EXPECT_TRUE(Deadline(seconds(20)).Until([&] {
      std::error_code none_yet;
      const auto size = fs::file_size(Path("out/table.csv"), none_yet);
      return !none_yet && size > 10 * lines.size();
    }));
    if (round == 1) processes.front().Signal(SIGKILL);  // what it has begun must lapse first
    fs::rename(Path("out/table.csv"), Path("out/table." + std::to_string(round) + ".csv"));
  }
  ASSERT_TRUE(processes.front().Wait(seconds(20)));
  processes.pop_front();
  EXPECT_TRUE(Deadline(seconds(60)).Until([&] {
    return installation_->List({"queue", "list", "--limit", "0", "--state", "done"}).size() ==
           kPosts;
  }));
  for (Process& process : processes) EXPECT_EQ(process.Stop().code, 0) << process.err();

  std::map<std::string, int> times;
  for (const auto& entry : fs::directory_iterator(Path("out"))) {
    for (const auto& row : ReadCsv(entry)) {
      ASSERT_THAT(row, SizeIs(3)) << entry;
      EXPECT_EQ(row[1], "row " + row[0]);
      EXPECT_TRUE(row[2] == lines) << row[0];
      ++times[row[0]];
    }
  }
  EXPECT_EQ(times.size(), static_cast<std::size_t>(kPosts));
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
