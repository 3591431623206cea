// The [secrets] table: values from files, the environment, or systemd's credentials. Part of
// LoadConfig.
#pragma once

#include "config/load.h"
#include "config/table_reader.h"

namespace relay {

// An object of name → text, without the line break at the end of a file. Relative files are
// relative to the configuration's folder; one that others can read, or others than its owner can
// change, is a problem. A credential is left out where none are given and none are needed. A
// message never holds a value.
Json LoadSecrets(const toml::table* table, const Environment& environment, Credentials credentials,
                 ProblemList& problems);

}  // namespace relay
