#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>

#include "tools/cli/command.h"
#include "tools/cli/folder.h"
#include "tools/cli/json_output.h"
#include "tools/cli/npy_output.h"
#include "tools/cli/run_input.h"

namespace soi::cli {
namespace {

/// The named hooks, each once; "all" stands for every one.
std::vector<Hook> parse_hooks(const std::vector<std::string>& names, std::size_t n_layers) {
  std::vector<Hook> hooks;
  for (const std::string& name : names) {
    for (Hook hook : name == "all" ? all_hooks(n_layers) : std::vector{parse_hook(name, n_layers)}) {
      if (std::ranges::find(hooks, hook) == hooks.end()) hooks.push_back(hook);
    }
  }
  return hooks;
}

}  // namespace

int run(const CaptureCommand& command) {
  const RunInput input = open_run(command.run);
  Lane lane = input.lane();
  lane.captures = parse_hooks(command.hooks, input.model->config().n_layers);
  lane.logits = LogitPositions::none();
  const LaneResult result = input.model->run(lane);

  make_folder(command.out, "--out");
  Json files = Json::array();
  for (Hook hook : lane.captures) {
    const Tensor& values = result.captured.at(hook);
    const std::string path = (std::filesystem::path(command.out) / (hook_name(hook) + ".npy")).string();
    write_npy(path, values);
    files.push_back({{"hook", hook_name(hook)}, {"path", path}, {"shape", values.shape()}});
  }
  if (command.run.json) {
    Json json = input.json_header();
    json["files"] = std::move(files);
    print_json(json);
    return 0;
  }
  input.print_header();
  for (const Json& file : files) {
    std::cout << file["path"].get<std::string>() << "  float32 " << file["shape"].dump() << '\n';
  }
  return 0;
}

}  // namespace soi::cli
