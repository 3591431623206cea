// Every file of deploy/recipes, those with tests of their own and those without.
#include <algorithm>

#include "e2e/operator.h"
#include "e2e/recipes/recipe.h"

namespace relay::test {
namespace {

class AnyRecipe : public testing::TestWithParam<std::string> {};

TEST_P(AnyRecipe, IsInOrderOnceItsSecretsAreThere) {
  const HttpSink nobody;
  const Installation installation("");
  const std::string text = Adapted(GetParam(), nobody, installation.dir() / "secrets");
  WriteSecrets(text, installation.dir() / "secrets");
  installation.Configure(text);
  const Finished done = installation.Relay({"check"});
  EXPECT_EQ(done.code, kDone) << done.err;
}

std::string Name(const testing::TestParamInfo<std::string>& recipe) {
  std::string name = recipe.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Of, AnyRecipe, testing::ValuesIn(RecipeNames()), Name);

}  // namespace
}  // namespace relay::test
