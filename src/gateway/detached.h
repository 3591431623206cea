// Starts a process that outlives this one.
#pragma once

#include <string>
#include <vector>

namespace relay {

// Runs `argv` in a session of its own, with /dev/null as its three standard descriptors, no other
// descriptor of ours, and without the variables of the request that a CGI's environment holds.
// False where no process could be made; that the program runs is not waited for.
bool StartDetached(const std::vector<std::string>& argv);

// The operators' command: beside this program, else as the search path finds it.
std::string OperatorCommand();

}  // namespace relay
