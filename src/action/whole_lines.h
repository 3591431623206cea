// How far a file holds whole lines, where a crash may have left the last one unfinished. Reads from
// the end, and no more than the last line or two. Any thread; the file must not change meanwhile.
#pragma once

#include <sys/types.h>

#include "base/result.h"

namespace relay {

// The end of the last line of the first `size` bytes; 0 where there is none. Temporary where they
// cannot be read.
Result<off_t> EndOfWholeLines(int file, off_t size);

// The same for rows as CsvRow writes them, whose cells may hold line ends. Only a row that begins
// with a quoted cell can have a line end, a quote and then none of , " CR LF in the file: within a
// quoted cell a quote is doubled or followed by one of those. So a row's beginning can be found
// from behind. Where no row begins like this the file is read from its start.
Result<off_t> EndOfWholeRows(int file, off_t size);

}  // namespace relay
