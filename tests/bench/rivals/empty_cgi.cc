// A CGI program with nothing in it.
#include <unistd.h>

#include <cstdio>

int main() {
  char body[16384];
  while (read(STDIN_FILENO, body, sizeof body) > 0) {
  }
  std::puts("Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nstored nothing");
}
