#include "session/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "base/text.h"
#include "decode/decode.h"
#include "model/variables.h"
#include "session/fold.h"
#include "support/cpu_time.h"
#include "support/posts.h"

namespace relay {
namespace {

const Time kReceived{std::chrono::sys_days(std::chrono::year(2026) / 3 / 4) +
                     std::chrono::milliseconds(50'000'500)};

// The document of a post that is alone in its session.
Json DocumentOf(const Fields& fields, RawPost raw = {}, const Labels& labels = {}) {
  raw.received_at = kReceived;
  const Result<Folded> folded =
      Fold({}, fields, kReceived, {}, [] { return Result<std::string>(""); });
  const StoredPost post{PostId{9'007'199'254'740'993}, "1", std::move(raw), folded->facts};
  return BuildDocument(post, fields, folded->state, folded->facts.adds, {labels});
}

Json DocumentOfFile(const std::string& name) {
  return DocumentOf(*Decode(TestPost(name)));
}

TEST(Document, HoldsTheVariablesTyped) {
  const Json document = DocumentOfFile("closed-us-dates.form");
  const std::pair<const char*, Json> rows[] = {
      {"SessionID", "880011224"},
      {"TechID", "5102"},
      {"TechName", "Tomás Lindqvist"},
      {"CField2", "Screen shows „¤¤¤“"},
      {"CField3", ""},
      {"Notes", "Checked the cable.\nLoaded a new profile."},
      {"WaitingTime", 21},
      {"WorkTime", 1475},
      {"Transmitted", 4'295'032'832},
      {"PickupTime", "2026-03-04T13:30:59Z"},
      {"ClosingTime", "2026-03-04T13:45:36Z"},
      {"LastActionTime", "2026-03-04T13:45:00Z"},
      {"TSurvey1", "9 - delighted"},
      {"TSurvey9", ""},
  };
  for (const auto& [name, value] : rows) EXPECT_EQ(document.at(name), value) << name;
  EXPECT_TRUE(document.at("Transmitted").is_number_integer());
  EXPECT_TRUE(document.at("WorkTime").is_number_integer());
}

TEST(Document, HoldsEveryVariableAndEveryFactUnderItsName) {
  std::vector<std::string> names;
  for (const Variable& variable : kVariables) names.emplace_back(variable.name);
  for (const char* name :
       {"raw", "post_id", "received_at", "endpoint", "remote_addr", "remote_user", "event",
        "event_source", "transcript", "chat", "session", "labels", "session_uuid", "local"})
    names.emplace_back(name);
  const Json document = DocumentOf(Fields());
  std::vector<std::string> found;
  for (const auto& [name, value] : document.items()) found.push_back(name);
  EXPECT_EQ(found, names);
}

TEST(Document, NamesItsSessionByAUuidToo) {
  EXPECT_EQ(DocumentOf(Fields()).at("session_uuid"), "3ff511ca-2deb-53d4-a909-a66f25b4600d");
  EXPECT_EQ(BuildDocument({}, Fields(), {}, "", {}).at("session_uuid"), nullptr);
}

TEST(Document, HasItsTimesAsLocalTimesToo) {
  StoredPost post;
  post.raw.received_at = kReceived;
  const Fields fields({{"PickupTime", "2026-03-29 00:59:59"},
                       {"LastActionTime", "2026-03-29 01:00:00"},
                       {"ClosingTime", ""}});
  View view;
  view.time_zone = *TimeZone::Find("Europe/Berlin");
  EXPECT_EQ(BuildDocument(post, fields, {}, "", view).at("local").dump(),
            R"({"PickupTime":"2026-03-29T01:59:59+01:00","ClosingTime":null,)"
            R"("LastActionTime":"2026-03-29T03:00:00+02:00",)"
            R"("received_at":"2026-03-04T14:53:20+01:00"})");
  EXPECT_EQ(BuildDocument(post, fields, {}, "", {}).at("local").at("PickupTime"),
            "2026-03-29T00:59:59+00:00");
}

TEST(Document, OfADeliveryHasTheMembersThatAreListed) {
  const std::vector<std::string> listed = DocumentMembers();
  const Json document = DocumentOf(Fields());
  for (const auto& [name, value] : document.items()) {
    EXPECT_THAT(listed, testing::Contains(name));
  }
  EXPECT_THAT(listed, testing::IsSupersetOf({"delivery_id", "delivery_uuid", "attempt"}));
}

TEST(Document, TellsMissingFromEmpty) {
  const Json missing = DocumentOf(Fields());
  for (const Variable& variable : kVariables)
    EXPECT_TRUE(missing.at(std::string(variable.name)).is_null());
  FieldList posted;
  for (const Variable& variable : kVariables) posted.push_back({ToLower(variable.name), ""});
  const Json empty = DocumentOf(Fields(posted));
  for (const Variable& variable : kVariables) {
    const Json expected = variable.type == VariableType::Text ? Json("") : Json(nullptr);
    EXPECT_EQ(empty.at(std::string(variable.name)), expected) << variable.name;
  }
}

TEST(Document, WritesNumbersAsTheyAre) {
  const std::pair<const char*, const char*> rows[] = {
      {"3222273024", "3222273024"},
      {"9007199254740993", "9007199254740993"},
      {"640.0", "640"},
      {"12.5", "12.5"},
      {"-3", "-3"},
      {"0:00:09", "9"},
      {"99999999999999999999", "1e+20"},
      {"much", "null"},
      {"1,5", "null"},
  };
  for (const auto& [text, number] : rows)
    EXPECT_EQ(DocumentOf(Fields(FieldList{{"Transmitted", text}})).at("Transmitted").dump(), number)
        << text;
}

TEST(Document, KeepsEveryNameAsPosted) {
  const Json raw = DocumentOf(Fields({{"sessionid", "1"},
                                      {"Extra", "x"},
                                      {"Twice", "a"},
                                      {"Note", "n"},
                                      {"Twice", ""},
                                      {"Twice", "b"},
                                      {"twice", "c"}}))
                       .at("raw");
  EXPECT_EQ(raw.dump(),
            R"({"sessionid":"1","Extra":"x","Twice":["a","","b"],"Note":"n","twice":"c"})");
}

TEST(Document, SaysWhereThePostCameFrom) {
  RawPost raw;
  raw.endpoint = "closed";
  raw.remote_addr = "192.0.2.7";
  raw.remote_user = "rescue";
  const Json document = DocumentOf(Fields(), raw);
  EXPECT_EQ(document.at("post_id"), "9007199254740993");
  EXPECT_EQ(document.at("received_at"), "2026-03-04T13:53:20Z");
  EXPECT_EQ(document.at("endpoint"), "closed");
  EXPECT_EQ(document.at("remote_addr"), "192.0.2.7");
  EXPECT_EQ(document.at("remote_user"), "rescue");
  EXPECT_TRUE(DocumentOf(Fields()).at("remote_user").is_null());
}

TEST(Document, CanBeWrittenWhateverTheWebServerSaid) {
  RawPost raw;
  raw.endpoint = "\xFF\xFE";
  raw.remote_addr = "\xC0";
  raw.remote_user = "Zo\xEB";
  EXPECT_EQ(DocumentOf(Fields(), raw).at("remote_user"), "Zo?");
  EXPECT_NO_THROW(DocumentOf(Fields(), raw).dump());
}

TEST(Document, HoldsEventSessionAndLabels) {
  const Json document = DocumentOf(*Decode(TestPost("4-closed.xml")), {}, {{"CField1", "Account"}});
  EXPECT_EQ(document.at("event"), "closed");
  EXPECT_EQ(document.at("event_source"), "inferred");
  EXPECT_EQ(document.at("session").dump(), R"({"first_post_at":"2026-03-04T13:53:20Z","posts":1,)"
                                           R"("technicians":["Tomás Lindqvist"],"closed":true})");
  EXPECT_EQ(document.at("labels").dump(), R"({"CField1":"Account"})");
  EXPECT_EQ(DocumentOf(Fields()).at("labels").dump(), "{}");
  EXPECT_EQ(DocumentOf(Fields()).at("session").at("technicians").dump(), "[]");
}

TEST(Document, HoldsTheTranscriptAndItsEntries) {
  const Json document = DocumentOfFile("closed-windows-1252.xml");
  EXPECT_EQ(document.at("transcript"),
            "2:44 PM Tomás Lindqvist: New profile loaded; colours are right.\n"
            "2:45 PM Søren Ångström: Great, thanks!\n"
            "2:45 PM The customer ended the session.");
  EXPECT_EQ(document.at("chat").size(), 3u);
  EXPECT_EQ(document.at("chat").at(1).dump(),
            R"({"time":"2:45 PM","text":"Søren Ångström: Great, thanks!","system":false})");
  EXPECT_EQ(document.at("chat").at(2).at("system"), true);
  EXPECT_EQ(DocumentOf(Fields()).at("transcript"), "");
  EXPECT_EQ(DocumentOf(Fields()).at("chat").dump(), "[]");
}

TEST(Document, IsTheSameFromEveryEncoding) {
  Json windows = DocumentOfFile("closed-windows-1252.xml");
  Json form = DocumentOfFile("closed-us-dates.form");
  EXPECT_EQ(windows, DocumentOfFile("closed-utf16.xml"));
  for (Json* document : {&windows, &form}) {
    document->erase("raw");
    document->erase("ChatLog");  // XML has no CR
  }
  EXPECT_EQ(windows, form);
}

Fields FieldsOf(int names) {
  FieldList fields;
  for (int i = 0; i < names; ++i) fields.push_back({"name" + std::to_string(i), "x"});
  return Fields(std::move(fields));
}

// Four times as many take four times as long; they took sixteen times as long where each was looked
// for among all before it.
TEST(Document, TakesTimeThatIsLinearInTheNumberOfNames) {
  constexpr double kNoise = 0.02;
  const Fields some = FieldsOf(2'500);
  const Fields many = FieldsOf(10'000);
  ASSERT_EQ(DocumentOf(many).at("raw").size(), 10'000u);
  const double once = test::LeastCpuSeconds(3, [&] { DocumentOf(some); });
  EXPECT_TRUE(test::CostsLessThan(10 * once + kNoise, 5, [&] { DocumentOf(many); }));
}

TEST(Event, IsNamedAndReadBack) {
  for (const Event event : {Event::Started, Event::Resumed, Event::Updated, Event::Closed})
    EXPECT_EQ(ParseEvent(EventName(event)), event);
  EXPECT_EQ(ParseEvent("Closed"), std::nullopt);
  EXPECT_EQ(ParseEvent(""), std::nullopt);
  EXPECT_EQ(EventSourceName(EventSource::Endpoint), "endpoint");
}

}  // namespace
}  // namespace relay
