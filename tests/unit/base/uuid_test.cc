#include "base/uuid.h"

#include <gtest/gtest.h>

#include <string>

namespace relay {
namespace {

// By another program:
//   python3 -c 'import uuid; n = uuid.uuid5(uuid.NAMESPACE_URL, "rescue-relay");
//   print(uuid.uuid5(n, "1"))'
TEST(NameUuid, IsWhatPythonComputes) {
  struct Row {
    std::string name;
    const char* uuid;
  };
  const Row rows[] = {
      {"", "ab83807f-8164-5531-ba05-b82ea35c032a"},
      {"1", "3ff511ca-2deb-53d4-a909-a66f25b4600d"},
      {"2", "563c2d02-4c05-59ae-876c-52a319b8e560"},
      {"880011224", "9a1be0ab-550b-5af9-ae48-e0ab0067f0d3"},
      {"9007199254740993", "c707b408-dfda-585d-9a46-ea363e4c7114"},
      {"Søren 谢谢 😀", "c23b89dd-465b-5384-a757-0f60a2c5834b"},
      {"a/b?c=d&e", "c27f250e-87e9-566f-93fc-f4d846150e52"},
      {"2b1f6f2e-5d41", "560dcc8b-b58d-5c92-9e21-da954d183468"},
      {"made-up", "9acaba83-3463-54ba-84ae-212a00f0dff2"},
      {std::string(1000, 'x'), "b14e46a0-feb2-548c-8031-b5fe99713096"},
      {std::string("a\0b", 3), "b378cc73-e622-54a6-8d8a-f8e5391c16c6"},
  };
  for (const Row& row : rows) EXPECT_EQ(NameUuid(row.name), row.uuid) << row.name;
}

}  // namespace
}  // namespace relay
