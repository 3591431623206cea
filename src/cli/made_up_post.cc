#include "cli/made_up_post.h"

#include "base/text.h"
#include "deliver/attempt.h"
#include "expr/text_template.h"
#include "model/variables.h"
#include "session/document.h"
#include "session/fold.h"

namespace relay {
namespace {

struct Step {
  Event event;
  const char* technician;
  const char* chat;
  const char* pickup;
  const char* closing;
  const char* work_time;
};

constexpr Step kSteps[] = {
    {Event::Started, "Ada Example",
     "10:00 AM Incoming session from: Søren Example\n10:00 AM Connected to Applet\n",
     "2026-03-02 10:00:05", "", "0"},
    {Event::Updated, "Ada Example",
     "10:01 AM Ada Example: Hello, what can I do for you?\n"
     "10:02 AM Søren Example: 100% of my e-mails vanish & I can't see why <sigh>\n"
     "10:09 AM Holding session...\n",
     "2026-03-02 10:00:05", "", "540"},
    {Event::Resumed, "Bob Example", "10:20 AM Bob Example: I am taking over from Ada.\n",
     "2026-03-02 10:20:00", "", "560"},
    {Event::Closed, "Bob Example",
     "10:31 AM Bob Example: The filter rule is gone, mail stays where it is.\n"
     "10:32 AM Søren Example: Thank you! 谢谢 😀\n10:32 AM The customer ended the session.\n",
     "2026-03-02 10:20:00", "2026-03-02 10:32:40", "1290"},
};

FieldList FieldsOf(const Step& step, const std::string& session_id, const std::string& tracking) {
  FieldList fields;
  const auto value_of = [&](std::string_view name) -> std::string {
    if (name == "SessionID") return session_id;
    if (name == "Tracking0") return tracking;
    if (name == "TechID") return step.technician[0] == 'A' ? "1001" : "1002";
    if (name == "TechName") return step.technician;
    if (name == "TechEmail")
      return step.technician[0] == 'A' ? "ada@example.com" : "bob@example.com";
    if (name == "CField0") return "Søren Example";
    if (name == "CField1") return "E-mail";
    if (name == "ChatLog") return step.chat;
    if (name == "Notes") return step.event == Event::Closed ? "Removed a filter rule." : "";
    if (name == "WaitingTime") return "25";
    if (name == "PickupTime" || name == "LastActionTime") return step.pickup;
    if (name == "ClosingTime") return step.closing;
    if (name == "WorkTime") return step.work_time;
    if (name == "Transmitted") return step.event == Event::Started ? "0" : "3221225472";
    if (name == "Platform") return "Windows 11";
    if (name == "TSurvey0" && step.event == Event::Closed) return "Yes";
    return "";
  };
  for (const Variable& variable : kVariables) {
    fields.push_back({std::string(variable.name), value_of(variable.name)});
  }
  return fields;
}

}  // namespace

std::vector<MadeUpPost> MakeUpSession(const std::string& session_id, const std::string& tracking) {
  std::vector<MadeUpPost> posts;
  for (const Step& step : kSteps) {
    posts.push_back({step.event, FieldsOf(step, session_id, tracking)});
  }
  return posts;
}

std::string EncodeXml(const FieldList& fields) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<session>\n";
  for (const Field& field : fields) {
    const std::string name = ToLower(field.name);
    xml += "  <" + name + ">" + *Escape(field.value, Destination::Xml) + "</" + name + ">\n";
  }
  return xml + "</session>\n";
}

Result<std::vector<Json>> MakeUpDocuments(const Config& config, Time now) {
  std::vector<Json> documents;
  SessionState state;
  std::string transcript;
  for (const MadeUpPost& made_up : MakeUpSession("1", "CASE-1001")) {
    StoredPost post{PostId{static_cast<std::int64_t>(documents.size()) + 1}, "1", {}, {}};
    post.raw.received_at = now;
    post.raw.remote_addr = "127.0.0.1";
    const Fields fields(made_up.fields);
    auto folded = Fold(state, fields, now, {{}, config.view.system_lines},
                       [&] { return Result(transcript); });
    if (!folded) return folded.error();
    state = std::move(folded->state);
    post.facts = std::move(folded->facts);
    transcript += post.facts.adds;
    Json document = BuildDocument(post, fields, state, transcript, config.view);
    AddDelivery(document, DeliveryId{1}, "made-up", 1);
    documents.push_back(std::move(document));
  }
  return documents;
}

}  // namespace relay
