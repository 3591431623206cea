// The command line of rescue-relay: the table of its commands.
#pragma once

namespace relay {

// Parses the arguments, runs the command, returns the exit status: 0 done, 1 failed, 64 used
// wrongly, 78 configuration at fault.
int RunCommandLine(int argc, char** argv);

}  // namespace relay
