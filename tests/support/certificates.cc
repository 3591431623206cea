#include "support/certificates.h"

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/unprivileged.h"

namespace relay::test {
namespace {

void OpenSsl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "openssl");
  const Finished done = RunToEnd(AsUnprivileged(arguments));
  if (done.code != 0) throw std::runtime_error("openssl: " + done.err);
}

void MakeAuthority(const std::string& path) {
  OpenSsl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
           "-days", "2", "-subj", "/CN=test authority", "-keyout", path + ".key", "-out",
           path + ".pem"});
}

}  // namespace

void MakeCertificates(const std::filesystem::path& folder) {
  const std::string dir = folder.string() + "/";
  std::ofstream(dir + "names") << "subjectAltName=DNS:localhost,IP:127.0.0.1\n";
  MakeAuthority(dir + "ca");
  MakeAuthority(dir + "other-ca");
  OpenSsl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
           "/CN=localhost", "-keyout", dir + "server.key", "-out", dir + "server.csr"});
  OpenSsl({"x509", "-req", "-in", dir + "server.csr", "-CA", dir + "ca.pem", "-CAkey",
           dir + "ca.key", "-CAcreateserial", "-days", "2", "-extfile", dir + "names", "-out",
           dir + "server.pem"});
}

}  // namespace relay::test
