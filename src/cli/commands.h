// The operators' commands. Each prints data on stdout and talk on stderr and returns its exit
// status.
#pragma once

#include "cli/options.h"

namespace relay {

int Check(const Options& options);
int Send(const Options& options);
int Deliver(const Options& options);
int Prune(const Options& options);
int Doctor(const Options& options);
int Metrics(const Options& options);

int ListPosts(const Options& options);
int ShowPost(const Options& options);
int ReplayPosts(const Options& options);

int ListSessions(const Options& options);
int ShowSession(const Options& options);
int RebuildSessions(const Options& options);
int EraseSessions(const Options& options);

int ListQueue(const Options& options);
int ShowDelivery(const Options& options);
int RetryDeliveries(const Options& options);
int HoldDeliveries(const Options& options);
int ReleaseDeliveries(const Options& options);
int DropDeliveries(const Options& options);

int ListActions(const Options& options);
int PauseAction(const Options& options);
int ResumeAction(const Options& options);
int TryAction(const Options& options);

int ListQuarantined(const Options& options);
int ShowQuarantined(const Options& options);
int RetryQuarantined(const Options& options);
int DropQuarantined(const Options& options);

}  // namespace relay
