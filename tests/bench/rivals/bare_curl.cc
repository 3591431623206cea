// Sends requests as deliveries are sent, with libcurl and nothing else.
//
//   bare_curl URL THREADS REQUESTS
#include <curl/curl.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

std::size_t Forget(char* /*bytes*/, std::size_t size, std::size_t count, void* /*nothing*/) {
  return size * count;
}

void Send(const char* url, const std::string& body, std::atomic<int>& left) {
  CURL* curl = curl_easy_init();
  curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Forget);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  while (left.fetch_sub(1) > 0) {
    if (curl_easy_perform(curl) != CURLE_OK) std::exit(1);
  }
  curl_slist_free_all(headers);
  curl_easy_cleanup(curl);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  std::atomic<int> left = std::atoi(argv[3]);
  // As large as what the action of the benchmark sends.
  const std::string body = R"({"text":")" + std::string(3900, 'x') + R"("})";
  std::vector<std::jthread> threads;
  for (int i = 0; i < std::atoi(argv[2]); ++i) {
    threads.emplace_back([&] { Send(argv[1], body, left); });
  }
}
