#include "e2e/recipes/recipe.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <ctime>
#include <regex>

#include "e2e/recipes/written_text.h"
#include "support/fcgi_client.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

const fs::path kRecipes = fs::path(RELAY_SOURCE_DIR) / "deploy/recipes";
const fs::path kRsaKey = fs::path(RELAY_SOURCE_DIR) / "tests/data/recipes/rsa-key.pem";

std::string Encoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return encoded;
}

// 100,000 characters and more, most of them of four bytes, so that any cut falls among them; a line
// longer than any limit of bytes, then thousands of short ones.
std::string LongChat() {
  std::string chat =
      "2:44 PM Tomás: <script>alert('x')</script> \"quoted\" & {{ .SessionID }}\r\n2:44 PM ";
  for (int i = 0; i < 20000; ++i) chat += "😀";
  for (int i = 0; i < 2400; ++i) {
    chat += fmt::format("\r\n2:{:02} PM Søren: {} ", 45 + i / 200, i);
    for (int j = 0; j < 25; ++j) chat += "😀";
  }
  return chat + "\r\n2:59 PM The customer ended the session.\r\n";
}

std::time_t Seconds(const std::string& utc) {
  std::tm parts{};
  strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return timegm(&parts);
}

}  // namespace

std::string VendorName(const testing::TestParamInfo<Vendor>& vendor) {
  return Replaced(vendor.param.recipe, "-", "_");
}

std::string Adapted(const std::string& recipe, const HttpSink& sink, const fs::path& secrets) {
  const std::string text = ReadFile(kRecipes / (recipe + ".toml"));
  static const std::regex kAddress(R"x((\n(token_)?url = ["'])https://[^/"'?]+)x");
  static const std::regex kSecret(R"x((\n\w+ = \{ file = ")([^"]*/)?([^"/]+)")x");
  return std::regex_replace(std::regex_replace(text, kAddress, "$01" + sink.Url("")), kSecret,
                            "$01" + secrets.string() + "/$03\"");
}

void WriteSecrets(const std::string& recipe_text, const fs::path& folder) {
  fs::create_directories(folder);
  static const std::regex kSecret(R"x(\n(\w+) = \{ file = "([^"]+)")x");
  for (std::sregex_iterator found(recipe_text.begin(), recipe_text.end(), kSecret), end;
       found != end; ++found) {
    const std::string name = (*found)[1];
    WriteSecret((*found)[2].str(),
                name.ends_with("_key") ? ReadFile(kRsaKey) : "secret of " + name + "\n");
  }
}

std::vector<std::string> RecipeNames() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kRecipes)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem());
  }
  std::ranges::sort(names);
  return names;
}

std::string ClosedSession(const std::string& session_id, const std::string& tracking) {
  const std::vector<std::pair<std::string, std::string>> fields{
      {"SessionID", session_id},
      {"Tracking0", tracking},
      {"TechName", "Tomás \"Tom\" O'Brien <b>"},
      {"TechEmail", "tom@example.com"},
      {"Platform", "Windows 11 </script>"},
      {"CField0", "Søren'); DROP TABLE cases;--"},
      {"CField1", "=cmd|' /C calc'!A0"},
      {"CField2", "back\\slash \\' \x01 \0 and a tab\t."s},
      {"Notes", "Loaded a profile.\r\nDone & dusted."},
      {"PickupTime", "2026-03-04 13:30:59"},
      {"ClosingTime", "2026-03-04 13:45:36"},
      {"WorkTime", "121"},
      {"TSurvey0", "Yes"},
      {"ChatLog", LongChat()}};
  std::string form;
  for (const auto& [name, value] : fields) {
    form += (form.empty() ? "" : "&") + name + "=" + Encoded(value);
  }
  return form;
}

std::vector<std::string> LinesOfTheSession() {
  return {"Technician: Tomás \"Tom\" O'Brien <b>",
          "Platform: Windows 11 </script>",
          "Started: 2026-03-04T13:30:59Z",
          "Ended: 2026-03-04T13:45:36Z",
          "Work time: 3 min",
          "Name: Søren'); DROP TABLE cases;--",
          "CField1: =cmd|' /C calc'!A0",
          "TSurvey0: Yes",
          "Notes:",
          "Done & dusted.",
          "Chat:",
          "2:44 PM Tomás: <script>alert('x')</script> \"quoted\" & {{ .SessionID }}"};
}

Recipe::Recipe()
    : crm_(GetParam().make()),
      sink_([this](const SinkRequest& request) { return crm_->Take(request); }),
      installation_("") {
  const fs::path secrets = installation_.dir() / "secrets";
  const std::string text = Adapted(GetParam().recipe, sink_, secrets);
  WriteSecrets(text, secrets);
  installation_.Configure("[delivery]\nrun_in = \"service\"\n\n" + text);
  service_.emplace(installation_);
}

void Recipe::TearDown() {
  EXPECT_THAT(crm_->complaints(), testing::IsEmpty());
}

void Recipe::Close(const std::string& session_id, const std::string& tracking) const {
  Post(ClosedSession(session_id, tracking));
}

void Recipe::Post(const std::string& body) const {
  FcgiClient client(service_->socket());
  client.Send(FcgiRequest(FcgiPostParams(body), body));
  const auto reply = client.ReadReply();
  ASSERT_TRUE(reply);
  ASSERT_EQ(reply->status(), 200) << reply->body();
}

void Recipe::Deliver() const {
  const Finished done = installation_.Relay({"deliver", "--once"});
  EXPECT_EQ(done.code, 0) << done.err;
}

void Recipe::TryAgain() const {
  const Finished done = installation_.Relay({"queue", "retry", "ALL", "--yes"});
  EXPECT_EQ(done.code, 0) << done.err;
  Deliver();
}

std::vector<json> Recipe::Queue() const {
  auto rows = installation_.List({"queue", "list"});
  std::ranges::reverse(rows);
  return rows;
}

json Recipe::Only() const {
  const auto rows = Queue();
  EXPECT_EQ(rows.size(), 1u);
  return rows.empty() ? json{} : rows.front();
}

std::string Recipe::StateOfTheAction() const {
  const auto rows = installation_.List({"action", "list"});
  return rows.empty() ? "" : rows.front()["state"].get<std::string>();
}

long Recipe::SecondsToNextTry(std::time_t since) const {
  const json next = Only()["next_try"];
  return next.is_string() ? Seconds(next) - since : -1;
}

void Recipe::ExpectTheNote() {
  const auto notes = crm().notes();
  ASSERT_EQ(notes.size(), 1u) << Only().dump();
  const Note& note = notes.front();
  EXPECT_EQ(note.on, GetParam().known);
  EXPECT_TRUE(note.internal);
  const std::string lines = "\n" + note.text + "\n";
  EXPECT_THAT(lines, testing::StartsWith("\nRemote session 1000077 [1]\n"));
  for (const std::string& line : LinesOfTheSession()) {
    EXPECT_THAT(lines, testing::HasSubstr("\n" + line + "\n"));
  }
  if (note.text.find("The customer ended the session.") == std::string::npos) {
    EXPECT_THAT(note.text, testing::EndsWith("[cut]"));
  }
}

}  // namespace relay::test
