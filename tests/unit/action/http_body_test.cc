// Bodies as they arrive.
#include "base/text.h"
#include "unit/action/action_fixture.h"

namespace relay {
namespace {

using test::SinkRequest;
using testing::HasSubstr;
using testing::SizeIs;

class HttpBodies : public ActionTest {
 protected:
  SinkRequest Sent(const std::string& body) {
    test::HttpSink sink;
    const Outcome outcome =
        Run("[action.a]\ntype = \"http\"\nurl = \"" + sink.Url("/x") + "\"\n" + body + "\n");
    EXPECT_EQ(outcome.kind, OutcomeKind::Done) << outcome.reason;
    const auto requests = sink.requests();
    EXPECT_THAT(requests, SizeIs(1));
    return requests.empty() ? SinkRequest{} : requests.front();
  }
};

TEST_F(HttpBodies, XmlEscapesValues) {
  document_["TechName"] = std::string("a<b>&\"c'\r\n\0\x01ü", 14);
  const SinkRequest request = Sent("xml = '<n by=\"{{ .TechName }}\">{{ .nothing }}</n>'");
  EXPECT_EQ(request.body, "<n by=\"a&lt;b&gt;&amp;&quot;c&#39;\nü\"></n>");
  EXPECT_EQ(request.headers.Find("Content-Type"), "application/xml; charset=utf-8");
}

TEST_F(HttpBodies, MultipartHasAPartForEachNameWithoutTheBoundaryInIt) {
  const SinkRequest request = Sent(R"(
[action.a.multipart]
"a \"b\"" = "{{ .TechName }}"
file = { value = "{{ .transcript }}", filename = "chat-{{ .SessionID }}.txt", type = "text/plain" })");
  const std::string type = *request.headers.Find("Content-Type");
  ASSERT_TRUE(type.starts_with("multipart/form-data; boundary="));
  const std::string boundary = type.substr(type.find('=') + 1);
  EXPECT_EQ(
      request.body,
      "--" + boundary +
          "\r\nContent-Disposition: form-data; name=\"a %22b%22\"\r\n\r\nSøren \"Ö\" <x>\r\n--" +
          boundary +
          "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"chat-S-1.txt\"\r\n"
          "Content-Type: text/plain\r\n\r\n10:00 a\n10:01 b\r\n--" +
          boundary + "--\r\n");
}

TEST_F(HttpBodies, ABoundaryThatIsPostedIsNotUsed) {
  const std::string multipart = "[action.a.multipart]\na = \"{{ .TechName }}\"";
  const auto boundary_of = [](const SinkRequest& request) {
    const std::string type = *request.headers.Find("Content-Type");
    return type.substr(type.find('=') + 1);
  };
  const std::string usual = boundary_of(Sent(multipart));
  document_["TechName"] = "--" + usual + "--";
  EXPECT_NE(boundary_of(Sent(multipart)), usual);
}

TEST_F(HttpBodies, AFileNameCannotBringInALine) {
  document_["TechName"] = "a\r\nX: y";
  const Outcome outcome =
      Run("[action.a]\ntype = \"http\"\nurl = \"http://127.0.0.1:1/\"\n[action.a.multipart]\n"
          "f = { value = \"x\", filename = \"{{ .TechName }}\" }\n");
  EXPECT_EQ(outcome.kind, OutcomeKind::Dead);
  EXPECT_THAT(outcome.reason, HasSubstr("multipart.f.filename: "));
  EXPECT_THAT(outcome.reason, HasSubstr("holds a line break"));
}

// Whatever people and programs have typed.
std::string HostileChat(std::size_t size) {
  std::string chat =
      "\"quotes\" '); DROP TABLE cases;--\r\n=cmd|' /C calc'!A0 </script> ]]> &amp; 😀\x01\n";
  while (chat.size() < size) chat += "10:00 AM Søren: 谢谢 😀 \\ \" & <b>\r\n";
  return chat;
}

TEST_F(HttpBodies, AHostileSessionOfEightMebibytesArrivesIntact) {
  const std::string chat = HostileChat(std::size_t{8} << 20);
  document_["transcript"] = chat;
  const SinkRequest json = Sent("json = { text = \"{{ .transcript }}\" }");
  EXPECT_TRUE(Json::parse(json.body)["text"] == chat);
}

TEST_F(HttpBodies, AHostileSessionArrivesIntactInEveryForm) {
  const std::string chat = HostileChat(10'000);
  document_["transcript"] = chat;
  EXPECT_EQ(Sent("text = \"{{ .transcript }}\"").body, chat);
  const SinkRequest form = Sent("form = { a = \"{{ .transcript }}\", b = \"2\" }");
  EXPECT_EQ(form.body, "a=" + PercentEncode(chat) + "&b=2");
  const SinkRequest xml = Sent("xml = \"<t>{{ .transcript }}</t>\"");
  EXPECT_EQ(xml.body.find('<', 3), xml.body.size() - 4) << "a tag that is not its own";
  EXPECT_TRUE(IsUtf8(xml.body));
  const SinkRequest parts = Sent("multipart = { a = \"{{ .transcript }}\" }");
  EXPECT_NE(parts.body.find("\r\n\r\n" + chat + "\r\n--"), std::string::npos);
}

TEST_F(HttpBodies, TwoBodiesAreAMistake) {
  EXPECT_THAT(
      ProblemsOf("[action.a]\ntype = \"http\"\nurl = \"http://x/\"\ntext = \"a\"\nxml = \"b\"\n"),
      testing::ElementsAre(HasSubstr("only one of json, form, xml, text and multipart")));
}

}  // namespace
}  // namespace relay
