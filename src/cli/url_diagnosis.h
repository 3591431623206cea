// What an answer, or none, tells of the web server before script.fcgi, and what to do about it.
// Pure.
#pragma once

#include "cli/finding.h"
#include "cli/test_visit.h"
#include "cli/web_url.h"

namespace relay {

// No answer.
Finding DiagnoseUnreachable(const WebUrl& url, const SendError& error);

// A small post.
Finding DiagnosePost(const WebUrl& url, const Visit& visit);

Finding DiagnoseGet(const Visit& visit);

// `post` had the credentials of the URL and was answered by the program; `bare` had none.
Finding DiagnosePassword(const WebUrl& url, const TestReply& post, const Visit& bare);

// `below` went to the URL with /`segment` behind it.
Finding DiagnoseEndpoint(const WebUrl& url, const TestReply& post, const Visit& below,
                         const std::string& segment);

// A post of `bytes`.
Finding DiagnoseLarge(const Visit& visit, std::size_t bytes);

}  // namespace relay
