#include "cli/finding.h"

namespace relay {
namespace {

const char* NameOf(Status status) {
  switch (status) {
    case Status::Ok:
      return "ok";
    case Status::Warning:
      return "warning";
    case Status::Error:
      return "error";
  }
  return "";
}

}  // namespace

void AddFinding(Listing& listing, const char* check, const Finding& finding) {
  listing.Add({{"check", check}, {"status", NameOf(finding.status)}, {"detail", finding.detail}});
}

}  // namespace relay
