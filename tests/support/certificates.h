// Certificates for servers of a test.
#pragma once

#include <filesystem>

namespace relay::test {

// Writes into a folder: ca.pem, an authority; server.pem and server.key, which it has signed for
// localhost and 127.0.0.1; other-ca.pem, an authority that has signed nothing. Keys can be read by
// the user of servers alone.
void MakeCertificates(const std::filesystem::path& folder);

}  // namespace relay::test
