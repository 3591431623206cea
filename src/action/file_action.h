// One action of type "file": a line for each delivery, appended and synced.
#pragma once

#include <string>

#include "action/action.h"
#include "action/rendering.h"

namespace relay {

class FileAction : public Action {
 public:
  FileAction(const ActionConfig& config, const FileConfig& file, const Surroundings& surroundings,
             Program program);

  Result<Preview> Describe(const Work& work) override;
  Outcome Run(const Work& work) override;

 private:
  struct Entry {
    std::string path;
    std::string line;
  };
  Result<Entry> Render(const Work& work);
  Result<std::string> RenderPath(Rendering& rendering) const;
  Result<std::string> RenderLine(const Work& work, Rendering& rendering) const;

  const ActionConfig& config_;
  const FileConfig& file_;
  const Surroundings surroundings_;
  Program program_;
  const std::string header_;
};

}  // namespace relay
