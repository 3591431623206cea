#include "action/http_client.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <array>
#include <new>

#include "base/text.h"

namespace relay {
namespace {

constexpr std::size_t kKeptBody = std::size_t{1} << 20;
constexpr std::size_t kMostBody = std::size_t{64} << 20;

struct Receiver {
  HttpAnswer answer;
  std::size_t received = 0;
};

std::size_t OnBody(char* data, std::size_t, std::size_t size, void* target) {
  auto& receiver = *static_cast<Receiver*>(target);
  receiver.received += size;
  if (receiver.received > kMostBody) return 0;
  std::string& body = receiver.answer.body;
  body.append(data, std::min(size, kKeptBody - body.size()));
  return size;
}

std::size_t OnHeader(char* data, std::size_t, std::size_t size, void* target) {
  auto& headers = static_cast<Receiver*>(target)->answer.headers;
  const std::string_view line(data, size);
  // The status line of a further answer (after "100 Continue") begins the headers anew.
  if (line.starts_with("HTTP/")) headers.clear();
  const auto colon = line.find(':');
  if (colon != std::string_view::npos) {
    headers.push_back(
        {ToLower(Trim(line.substr(0, colon))), std::string(Trim(line.substr(colon + 1)))});
  }
  return size;
}

// Gives out a body, and has no way back to its beginning: where a kept connection breaks before the
// answer, libcurl sends a request again by itself if it can, and what writes a note writes two.
std::size_t OnSend(char* buffer, std::size_t, std::size_t room, void* source) {
  auto& unsent = *static_cast<std::string_view*>(source);
  const std::size_t copied = unsent.copy(buffer, room);
  unsent.remove_prefix(copied);
  return copied;
}

// Where a request may go: asked before a connection is opened, and again once there is one, since
// that may be an older one.
struct Gate {
  const HostRules& rules;
  std::string host;
  bool refused = false;

  bool Pass(const std::optional<IpAddress>& address) {
    if (address && rules.Allow(host, *address)) return true;
    refused = true;
    return false;
  }
};

curl_socket_t OnSocket(void* target, curlsocktype, curl_sockaddr* address) {
  auto& gate = *static_cast<Gate*>(target);
  if (!gate.Pass(IpAddressOf(address->addr))) return CURL_SOCKET_BAD;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int OnConnected(void* target, char* address, char*, int, int) {
  auto& gate = *static_cast<Gate*>(target);
  return gate.Pass(ParseIpAddress(address)) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

// Empty where the URL is none.
std::string HostOf(const std::string& url) {
  struct Free {
    void operator()(CURLU* parts) const { curl_url_cleanup(parts); }
    void operator()(char* text) const { curl_free(text); }
  };
  const std::unique_ptr<CURLU, Free> parts(curl_url());
  char* host = nullptr;
  if (curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return "";
  if (curl_url_get(parts.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) return "";
  return std::unique_ptr<char, Free>(host).get();
}

int OnProgress(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

HeaderList MakeHeaders(const HttpRequest& request) {
  HeaderList list;
  const auto append = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  };
  append("Expect:");  // no waiting for "100 Continue"
  for (const HttpHeader& header : request.headers) {
    // libcurl drops "Name:" as a header to remove and sends "Name;" as one without a value.
    append(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  return list;
}

SendStage StageOf(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return SendStage::Name;
    case CURLE_COULDNT_CONNECT:
      return SendStage::Connection;
    case CURLE_PEER_FAILED_VERIFICATION:
      return SendStage::Certificate;
    case CURLE_OPERATION_TIMEDOUT:
      return SendStage::TimeOut;
    default:
      return SendStage::Other;
  }
}

SendError ErrorOf(CURLcode code) {
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      return {SendFailure::Stopped, "stopped"};
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {SendFailure::Unusable, curl_easy_strerror(code)};
    case CURLE_SEND_FAIL_REWIND:
      return {SendFailure::Unreachable, "the connection broke before the answer"};
    default:
      return {SendFailure::Unreachable, curl_easy_strerror(code)};
  }
}

}  // namespace

struct HttpClient::State {
  explicit State(const std::atomic<bool>& flag) : stop(&flag), handle(curl_easy_init()) {
    if (handle == nullptr) throw std::bad_alloc();
  }
  ~State() { curl_easy_cleanup(handle); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  // Every option is set anew for every request; connections stay.
  void Prepare(const HttpRequest& request, const HeaderList& headers, Receiver& receiver,
               Gate& gate, std::string_view& unsent) {
    curl_easy_reset(handle);
    words.fill('\0');
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, words.data());
    const auto set = [&](CURLoption option, const std::string& text) {
      if (!text.empty()) curl_easy_setopt(handle, option, text.c_str());
    };
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "rescue-relay/" RELAY_VERSION);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &OnProgress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, stop);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &OnBody);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &receiver);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &OnHeader);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &receiver);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, &OnSocket);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &gate);
    curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, &OnConnected);
    curl_easy_setopt(handle, CURLOPT_PREREQDATA, &gate);
    set(CURLOPT_URL, request.url);
    set(CURLOPT_CAINFO, request.ca_file);
    set(CURLOPT_SSLCERT, request.client_cert);
    set(CURLOPT_SSLKEY, request.client_key);
    if (request.basic) {
      curl_easy_setopt(handle, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
      curl_easy_setopt(handle, CURLOPT_USERNAME, request.basic->first.c_str());
      curl_easy_setopt(handle, CURLOPT_PASSWORD, request.basic->second.c_str());
    }
    PrepareBody(request, unsent);
  }

  void PrepareBody(const HttpRequest& request, std::string_view& unsent) const {
    if (request.method == "HEAD") curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    if (request.body || request.method == "POST") {
      curl_easy_setopt(handle, CURLOPT_POST, 1L);
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(unsent.size()));
      curl_easy_setopt(handle, CURLOPT_READFUNCTION, &OnSend);
      curl_easy_setopt(handle, CURLOPT_READDATA, &unsent);
    }
    if (request.method != "HEAD") {
      curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    // There is no body whose beginning would be missing.
    const bool only_reads = request.method == "GET" || request.method == "HEAD";
    if (!only_reads && unsent.empty()) curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
  }

  const std::atomic<bool>* stop;
  CURL* handle;
  std::array<char, CURL_ERROR_SIZE> words{};
};

HttpClient::HttpClient(const std::atomic<bool>& stop) : state_(std::make_unique<State>(stop)) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;

std::variant<HttpAnswer, SendError> HttpClient::Send(const HttpRequest& request) {
  Receiver receiver;
  const HeaderList headers = MakeHeaders(request);
  Gate gate{request.hosts, HostOf(request.url)};
  std::string_view unsent = request.body ? *request.body : std::string_view();
  state_->Prepare(request, headers, receiver, gate, unsent);
  const CURLcode code = curl_easy_perform(state_->handle);
  if (gate.refused && code != CURLE_OK) {
    return SendError{SendFailure::NotAllowed,
                     "the host is not one that the action may connect to; see allow_hosts"};
  }
  if (code != CURLE_OK) {
    SendError error = ErrorOf(code);
    error.stage = StageOf(code);
    error.detail = state_->words.data();
    return error;
  }
  long status = 0;
  curl_easy_getinfo(state_->handle, CURLINFO_RESPONSE_CODE, &status);
  receiver.answer.status = static_cast<int>(status);
  curl_off_t seconds = 0;
  curl_easy_getinfo(state_->handle, CURLINFO_RETRY_AFTER, &seconds);
  if (seconds > 0) receiver.answer.retry_after = std::chrono::seconds(seconds);
  return std::move(receiver.answer);
}

Outcome OutcomeOf(const SendError& error, const std::string& place) {
  switch (error.failure) {
    case SendFailure::Unreachable:
      return {OutcomeKind::Retry, place + error.reason, {}, Reach::Failed};
    case SendFailure::Unusable:
    case SendFailure::NotAllowed:
      return {OutcomeKind::Dead, place + error.reason, {}};
    case SendFailure::Stopped:
      break;
  }
  return {OutcomeKind::Interrupted, place + error.reason, {}};
}

void InitHttpClients() {
  curl_global_init(CURL_GLOBAL_DEFAULT);
}

}  // namespace relay
