// doctor --url: posts to the URL as a console of Rescue does, and says what is wrong with the web
// server before script.fcgi. All posts are test posts: nothing is stored or delivered.
#pragma once

#include "cli/listing.h"
#include "cli/options.h"
#include "config/config.h"

namespace relay {

// The exit status.
int ExamineUrl(const Options& options, const IntakeConfig& config, Listing& listing);

}  // namespace relay
