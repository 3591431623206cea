// A recipe of deploy/recipes against a stand-in for its vendor: the file as it stands, but for the
// vendor's address and the paths of the secrets.
#pragma once

#include <gtest/gtest.h>

#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "e2e/deployment.h"
#include "e2e/recipes/stand_in.h"

namespace relay::test {

struct Vendor {
  std::string recipe;  // the file's name without ".toml"
  std::function<std::unique_ptr<StandIn>()> make;
  std::string known = "";  // what Tracking0 holds for a case that the stand-in has
  std::string unknown = "";
  std::string not_found = "not found";  // what the operator reads of a case that is not there
  // A limit comes with a time to wait: ten minutes.
  bool says_when = true;
};

inline void PrintTo(const Vendor& vendor, std::ostream* out) {
  *out << vendor.recipe;
}
std::string VendorName(const testing::TestParamInfo<Vendor>& vendor);

// The text of the recipe for an installation: what goes to https://VENDOR goes to the sink, and the
// files of its secrets are in the folder.
std::string Adapted(const std::string& recipe, const HttpSink& sink,
                    const std::filesystem::path& secrets);
// Writes the file of each secret that the text of a recipe names: "secret of NAME", but for keys.
void WriteSecrets(const std::string& recipe_text, const std::filesystem::path& folder);
std::vector<std::string> RecipeNames();

// A session as it is closed, with all that has broken a receiver before.
std::string ClosedSession(const std::string& session_id, const std::string& tracking);
// What people have to find of it in the CRM, line by line.
std::vector<std::string> LinesOfTheSession();

class Recipe : public testing::TestWithParam<Vendor> {
 protected:
  Recipe();
  void TearDown() override;

  void Close(const std::string& session_id, const std::string& tracking) const;
  void Post(const std::string& form) const;
  void Close() const { Close("1000077", GetParam().known); }
  // Tries all that is due, once.
  void Deliver() const;
  // What failed is due now, whatever it would have waited.
  void TryAgain() const;

  // The deliveries, oldest first.
  std::vector<json> Queue() const;
  json Only() const;
  std::string StateOfTheAction() const;
  // -1 where none is to come.
  long SecondsToNextTry(std::time_t since) const;

  StandIn& crm() { return *crm_; }
  const Installation& installation() const { return installation_; }
  // The only note, which has all that the session was.
  void ExpectTheNote();

 private:
  const std::unique_ptr<StandIn> crm_;
  HttpSink sink_;
  const Installation installation_;
  std::optional<Service> service_;
};

// What not every vendor can do has tests of its own.
class RecipeRepeated : public Recipe {};      // a repeat is recognised
class RecipeWithFixedKey : public Recipe {};  // a password, a token or a key that does not change
class RecipeWithTokens : public Recipe {};    // OAuth 2
class RecipeLimited : public Recipe {};       // there is a limit of requests
class RecipeDisguised : public Recipe {};     // a refusal comes with a status of success
class RecipeHiccup : public Recipe {};        // a reason to try again that the status does not tell

}  // namespace relay::test
