// [privacy]: what is taken out of a post before it is stored.
#pragma once

#include "config/table_reader.h"
#include "decode/redaction.h"

namespace relay {

Redaction LoadPrivacy(TableReader& root);

}  // namespace relay
