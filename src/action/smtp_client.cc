#include "action/smtp_client.h"

#include <curl/curl.h>

#include <new>

#include "action/patience.h"

namespace relay {
namespace {

constexpr std::size_t kKeptReplies = std::size_t{64} << 10;

struct Upload {
  std::string_view left;
};

std::size_t OnRead(char* target, std::size_t, std::size_t size, void* source) {
  std::string_view& left = static_cast<Upload*>(source)->left;
  const std::size_t count = left.copy(target, size);
  left.remove_prefix(count);
  return count;
}

// libcurl hands over the server's replies as headers.
std::size_t OnReply(char* data, std::size_t, std::size_t size, void* target) {
  auto& said = *static_cast<std::string*>(target);
  if (said.size() + size <= kKeptReplies) said.append(data, size);
  return size;
}

std::size_t OnBody(char*, std::size_t, std::size_t size, void*) {
  return size;
}

// libcurl's own time-out does not count while it takes its leave of a server.
int OnProgress(void* source, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Patience*>(source)->over() ? 1 : 0;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

List MakeList(const std::vector<std::string>& texts) {
  List list;
  for (const std::string& text : texts) {
    curl_slist* longer = curl_slist_append(list.get(), text.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

SmtpEnd EndOf(CURLcode code, int reply) {
  const bool is_no = reply >= 400 && reply < 600;
  switch (code) {
    case CURLE_OK:
      return SmtpEnd::Accepted;
    case CURLE_LOGIN_DENIED:
      return SmtpEnd::LoginRefused;
    case CURLE_USE_SSL_FAILED:
    case CURLE_PEER_FAILED_VERIFICATION:
      return SmtpEnd::Insecure;
    // These are what libcurl makes of a reply that says no: to MAIL and RCPT, to the mail itself
    // and as a greeting, to HELO. A lost connection is the same code, with an earlier reply.
    case CURLE_SEND_ERROR:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_REMOTE_ACCESS_DENIED:
      return is_no ? SmtpEnd::Refused : SmtpEnd::Unreachable;
    default:
      return SmtpEnd::Unreachable;
  }
}

std::string WhyOf(CURLcode code) {
  switch (code) {
    case CURLE_USE_SSL_FAILED:
      return "the server offers no STARTTLS, or refuses it; nothing was sent";
    case CURLE_ABORTED_BY_CALLBACK:
      return curl_easy_strerror(CURLE_OPERATION_TIMEDOUT);
    default:
      return curl_easy_strerror(code);
  }
}

bool OffersLogin(const std::string& said) {
  return said.find("\n250-AUTH") != std::string::npos ||
         said.find("\n250 AUTH") != std::string::npos;
}

}  // namespace

struct SmtpClient::State {
  explicit State(const std::atomic<bool>& flag) : stop(&flag), handle(curl_easy_init()) {
    if (handle == nullptr) throw std::bad_alloc();
  }
  ~State() { curl_easy_cleanup(handle); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void Prepare(const SmtpRequest& request) const {
    const auto set = [&](CURLoption option, const std::string& text) {
      curl_easy_setopt(handle, option, text.c_str());
    };
    curl_easy_reset(handle);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle, CURLOPT_PROXY, "");  // those of the environment are for the web
    curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(
        handle, CURLOPT_USE_SSL,
        long{request.starttls == StartTls::Required ? CURLUSESSL_ALL : CURLUSESSL_NONE});
    set(CURLOPT_URL, request.url);
    set(CURLOPT_MAIL_FROM, request.from);
    if (!request.ca_file.empty()) set(CURLOPT_CAINFO, request.ca_file);
    if (request.login) {
      set(CURLOPT_USERNAME, request.login->first);
      set(CURLOPT_PASSWORD, request.login->second);
    }
  }

  void Exchange(Upload& upload, std::string& said, Patience& patience) const {
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(upload.left.size()));
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, &OnRead);
    curl_easy_setopt(handle, CURLOPT_READDATA, &upload);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &OnReply);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &said);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &OnBody);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &OnProgress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &patience);
  }

  const std::atomic<bool>* stop;
  CURL* handle;
};

SmtpClient::SmtpClient(const std::atomic<bool>& stop) : state_(std::make_unique<State>(stop)) {}
SmtpClient::~SmtpClient() = default;

SmtpAnswer SmtpClient::Send(const SmtpRequest& request) {
  SmtpAnswer answer;
  const List recipients = MakeList(request.recipients);
  Upload upload{request.message};
  Patience patience(request.timeout, *state_->stop);
  state_->Prepare(request);
  state_->Exchange(upload, answer.said, patience);
  curl_easy_setopt(state_->handle, CURLOPT_MAIL_RCPT, recipients.get());
  const CURLcode code = curl_easy_perform(state_->handle);
  long reply = 0;
  curl_easy_getinfo(state_->handle, CURLINFO_RESPONSE_CODE, &reply);
  answer.code = static_cast<int>(reply);
  answer.end = EndOf(code, answer.code);
  if (code == CURLE_ABORTED_BY_CALLBACK && patience.stopped()) answer.end = SmtpEnd::Stopped;
  answer.why = code == CURLE_OK ? "" : WhyOf(code);
  answer.logged_in = !request.login || OffersLogin(answer.said);
  return answer;
}

}  // namespace relay
