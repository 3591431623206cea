// Posts of a session that never was, as Rescue would send them.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "config/config.h"
#include "model/post.h"

namespace relay {

// The four posts of one session: started, on hold ("updated"), taken over by another technician
// ("resumed"), closed. All 32 variables are in each.
struct MadeUpPost {
  Event event;
  FieldList fields;
};
std::vector<MadeUpPost> MakeUpSession(const std::string& session_id, const std::string& tracking);

std::string EncodeXml(const FieldList& fields);

// The documents of a made-up session, in order, as actions would see them.
Result<std::vector<Json>> MakeUpDocuments(const Config& config, Time now);

}  // namespace relay
