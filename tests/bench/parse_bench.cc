// Decoding a post, as ratios of what a library does with the same bytes, side by side: forms
// against libcurl's unescape, XML against tinyxml2's bare parse.
#include <curl/curl.h>
#include <fmt/format.h>
#include <tinyxml2.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/load.h"
#include "decode/decode.h"

namespace relay::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRounds = 15;
constexpr auto kRound = std::chrono::milliseconds(30);

std::string LongForm() {
  std::string form = PostBody();
  const std::string chat = form.substr(form.find("ChatLog=") + 8);
  while (form.size() < 256 * 1024) form += chat;
  return form;
}

std::string XmlOf(const std::string& form) {
  RawPost post;
  post.body = form;
  const auto fields = Decode(post);
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><session>";
  for (const Field& field : fields->all()) {
    xml += fmt::format("<{0}>{1}</{0}>", field.name, field.value);
  }
  return xml + "</session>";
}

void DecodeOne(const std::string& body) {
  RawPost post;
  post.body = body;
  if (!Decode(post)) throw std::runtime_error("it is not decoded");
}

void Unescape(const std::string& body) {
  int length = 0;
  curl_free(curl_easy_unescape(nullptr, body.data(), static_cast<int>(body.size()), &length));
}

void ParseXml(const std::string& body) {
  tinyxml2::XMLDocument document;
  if (document.Parse(body.data(), body.size()) != tinyxml2::XML_SUCCESS) {
    throw std::runtime_error("it is not parsed");
  }
}

template <class Work>
double PerSecond(const Work& work, const std::string& body) {
  const auto began = Clock::now();
  int times = 0;
  while (Clock::now() - began < kRound) {
    for (int i = 0; i < 10; ++i) work(body);
    times += 10;
  }
  return times / std::chrono::duration<double>(Clock::now() - began).count();
}

// How many times as fast the first is as the second.
template <class Own, class Other>
double Ratio(const Own& own, const Other& other, const std::string& body) {
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    ratios.push_back(PerSecond(own, body) / PerSecond(other, body));
  }
  std::sort(ratios.begin(), ratios.end());
  return ratios[ratios.size() / 2];
}

void Compare() {
  fmt::print("\n**Decoding**\n\n| figure | against | ratio | goal |\n|---|---|---|---|\n");
  for (const std::string& form : {PostBody(), LongForm()}) {
    const std::string xml = XmlOf(form);
    fmt::print("| form decode of {} bytes, bytes/s | libcurl's unescape | {:.2f} | ≥ 3 |\n",
               form.size(), Ratio(DecodeOne, Unescape, form));
    fmt::print("| XML decode of {} bytes, time | tinyxml2's parse | {:.2f} | ≤ 1.25 |\n",
               xml.size(), 1 / Ratio(DecodeOne, ParseXml, xml));
  }
}

}  // namespace
}  // namespace relay::bench

int main() {
  relay::bench::Compare();
  return 0;
}
