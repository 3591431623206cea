#include "cli/doctor_url.h"

#include <algorithm>
#include <atomic>

#include "cli/finding.h"
#include "cli/test_visit.h"
#include "cli/url_diagnosis.h"
#include "cli/web_url.h"
#include "cli/workplace.h"

namespace relay {
namespace {

constexpr std::size_t kSmall = 64;
constexpr std::uint64_t kLargest = std::uint64_t{64} << 20;
constexpr const char* kSegment = "doctor-test";

class Examination {
 public:
  Examination(WebUrl url, const Options& options, Listing& listing)
      : url_(std::move(url)), ca_file_(options.ca_file), listing_(listing) {}

  int Run(std::uint64_t max_body) {
    const Visit post = Post(url_, kSmall);
    if (!post.answer) {
      const bool certificate = post.error.stage == SendStage::Certificate;
      Add(certificate ? "tls" : "connection", DiagnoseUnreachable(url_, post.error));
      return status_;
    }
    Add("connection", {Status::Ok, url_.host + " answers"});
    Add("tls", url_.scheme == "https"
                   ? Finding{Status::Ok, "the certificate is good"}
                   : Finding{Status::Warning, "http: chats and passwords can be read on the way"});
    Add("post", DiagnosePost(url_, post));
    if (post.reply) ExamineFurther(*post.reply, max_body);
    return status_;
  }

 private:
  Visit Post(const WebUrl& url, std::size_t bytes) {
    return SendTestPost(client_, url.Whole(), bytes, ca_file_);
  }

  void ExamineFurther(const TestReply& post, std::uint64_t max_body) {
    Add("get", DiagnoseGet(SendGet(client_, url_.Whole(), ca_file_)));
    WebUrl bare = url_;
    bare.credentials.clear();
    Add("password", DiagnosePassword(url_, post, Post(bare, kSmall)));
    Add("endpoint", DiagnoseEndpoint(url_, post, Post(url_.Below(kSegment), kSmall), kSegment));
    const auto large = static_cast<std::size_t>(std::min(max_body, kLargest));
    Add("body_limit", DiagnoseLarge(Post(url_, large), large));
  }

  void Add(const char* check, const Finding& finding) {
    AddFinding(listing_, check, finding);
    if (finding.status == Status::Error) status_ = kExitFailed;
  }

  const std::atomic<bool> never_{false};
  HttpClient client_{never_};
  const WebUrl url_;
  const std::string ca_file_;
  Listing& listing_;
  int status_ = kExitDone;
};

}  // namespace

int ExamineUrl(const Options& options, const IntakeConfig& config, Listing& listing) {
  auto url = ParseWebUrl(options.url);
  if (!url) {
    AddFinding(listing, "url",
               {Status::Error, "it must begin with http:// or https:// and a host"});
    return kExitFailed;
  }
  InitHttpClients();
  return Examination(std::move(*url), options, listing).Run(config.max_body);
}

}  // namespace relay
