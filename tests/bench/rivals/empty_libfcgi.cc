// The usual shape of a FastCGI program, with nothing in it: libfcgi, 64 threads that wait for one
// another's accept, every body read and forgotten.
#include <fcgiapp.h>

#include <thread>
#include <vector>

namespace {

void Serve() {
  FCGX_Request request;
  FCGX_InitRequest(&request, 0, 0);
  char body[16384];
  while (FCGX_Accept_r(&request) == 0) {
    while (FCGX_GetStr(body, sizeof body, request.in) > 0) {
    }
    FCGX_PutS(
        "Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 15\r\n\r\nstored nothing\n",
        request.out);
    FCGX_Finish_r(&request);
  }
}

}  // namespace

int main() {
  FCGX_Init();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 64; ++i) threads.emplace_back(Serve);
}
