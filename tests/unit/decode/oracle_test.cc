// What was encoded is decoded to the same, in every format; and what is decoded is what a second,
// naive decoder reads, where it reads anything. On generated input; the seed repeats it.
#include <gtest/gtest.h>

#include "decode/decode.h"
#include "oracle/encode.h"
#include "oracle/naive.h"

namespace relay {
namespace {

using test::Below;
using test::Random;

constexpr unsigned kSeeds = 2000;

RawPost Post(std::string body, std::string content_type = "") {
  RawPost post;
  post.body = std::move(body);
  post.content_type = std::move(content_type);
  return post;
}

FieldList ReadPost(const RawPost& post) {
  const Result<Fields> fields = Decode(post);
  if (!fields) return {{"error", fields.error().message}};
  return fields->all();
}

const std::string kMultipart = "multipart/form-data; boundary=b0undary";

TEST(Oracle, DecodesAFormToWhatWasEncoded) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    Random random(seed);
    const FieldList fields = test::RandomFields(random);
    ASSERT_EQ(ReadPost(Post(test::EncodeForm(fields, random))), fields) << "seed " << seed;
  }
}

TEST(Oracle, DecodesXmlToWhatWasEncoded) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    Random random(seed);
    const FieldList fields = test::RandomFields(random);
    ASSERT_EQ(ReadPost(Post(test::EncodeXml(fields, random))), fields) << "seed " << seed;
  }
}

TEST(Oracle, DecodesMultipartToWhatWasEncoded) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    Random random(seed);
    const FieldList fields = test::RandomFields(random);
    ASSERT_EQ(ReadPost(Post(test::EncodeMultipart(fields, "b0undary"), kMultipart)), fields)
        << "seed " << seed;
  }
}

// Some bytes changed, removed or doubled.
std::string Damaged(std::string text, Random& random) {
  for (std::size_t times = Below(random, 4); times > 0 && !text.empty(); --times) {
    const std::size_t at = Below(random, text.size());
    switch (Below(random, 3)) {
      case 0:
        text[at] = static_cast<char>(random());
        break;
      case 1:
        text.erase(at, 1 + Below(random, 5));
        break;
      default:
        text.insert(at, text.substr(at, 1 + Below(random, 20)));
    }
  }
  return text;
}

// How often the naive decoder had something to say.
struct Compared {
  unsigned all = 0;
};

void Compare(const RawPost& post, const std::optional<FieldList>& naive, Compared& compared) {
  if (!naive) return;
  ++compared.all;
  ASSERT_EQ(ReadPost(post), *naive) << post.body;
}

TEST(Oracle, ReadsAFormLikeANaiveDecoder) {
  Compared compared;
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    Random random(seed);
    const RawPost post =
        Post(Damaged(test::EncodeForm(test::RandomFields(random), random), random));
    Compare(post, test::NaiveForm(post.body), compared);
  }
  EXPECT_GT(compared.all, kSeeds / 4);
}

TEST(Oracle, ReadsXmlLikeANaiveDecoder) {
  Compared compared;
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    Random random(seed);
    const RawPost post = Post(Damaged(test::EncodeXml(test::RandomFields(random), random), random));
    Compare(post, test::NaiveXml(post.body), compared);
  }
  EXPECT_GT(compared.all, kSeeds / 20);
}

TEST(Oracle, ReadsMultipartLikeANaiveDecoder) {
  Compared compared;
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    Random random(seed);
    const RawPost post = Post(
        Damaged(test::EncodeMultipart(test::RandomFields(random), "b0undary"), random), kMultipart);
    Compare(post, test::NaiveMultipart(post.body, "b0undary"), compared);
  }
  EXPECT_GT(compared.all, kSeeds / 20);
}

}  // namespace
}  // namespace relay
