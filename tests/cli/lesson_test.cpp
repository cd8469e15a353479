#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/cli/soi_process.h"
#include "tests/golden/golden.h"

namespace soi {
namespace {

using Arguments = std::vector<std::string>;
using Json = nlohmann::json;

/// A small simulation: a second or less.
Arguments simulation(const Arguments& more) {
  Arguments arguments{"lesson", "sae-simulation", "--set", "n_samples=200", "--set", "epochs=20", "--set", "n_seeds=2"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

Json without_seconds(const Outcome& outcome) {
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  Json json = outcome.json();
  json.erase("seconds");
  return json;
}

TEST(Lesson, ListsParameters) {
  const Outcome all = run_soi({"lesson", "--list"});
  EXPECT_EQ(all.status, 0) << all.err;
  for (const char* said : {"sae-simulation", "ged-him-her", "learning_rate", "0 .. 1", "notebook 0.0007"}) {
    EXPECT_NE(all.out.find(said), std::string::npos) << said;
  }
  const Outcome one = run_soi({"lesson", "ged-him-her", "--list"});
  EXPECT_EQ(one.out.find("sae-simulation"), std::string::npos);
  const Json list = run_soi({"lesson", "sae-simulation", "--list", "--json"}).json();
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0]["needs_model"], false);
  EXPECT_EQ(list[0]["parameters"][0]["kind"], "integer");
}

TEST(Lesson, JsonHoldsTheWholeResult) {
  const Json json = run_soi(simulation({"--json", "--seed", "7"})).json();
  EXPECT_EQ(json["lesson"], "sae-simulation");
  EXPECT_EQ(json["protocol"], "corrected");
  EXPECT_EQ(json["seed"], 7);
  EXPECT_EQ(json["build"], "native");
  EXPECT_EQ(json["model"], "");
  EXPECT_EQ(json["parameters"]["epochs"], 20);
  EXPECT_GT(json["figures"].size(), 10u);
  EXPECT_GT(json["controls"].size(), 3u);
  EXPECT_GT(json["claims"].size(), 10u);
  EXPECT_GT(json["seconds"].get<double>(), 0.0);
}

TEST(Lesson, TheSeedAloneDecidesTheNumbers) {
  const Json first = without_seconds(run_soi(simulation({"--json"})));
  EXPECT_EQ(first, without_seconds(run_soi(simulation({"--json", "--seed", "1", "--threads", "1"}))));
  EXPECT_NE(first["figures"], without_seconds(run_soi(simulation({"--json", "--seed", "2"})))["figures"]);
}

TEST(Lesson, ProtocolByEitherName) {
  const Json json = without_seconds(run_soi(simulation({"--json", "--protocol", "notebook"})));
  EXPECT_EQ(json["protocol"], "notebook");
  EXPECT_EQ(json, without_seconds(run_soi(simulation({"--json", "--set", "protocol=notebook"}))));
}

TEST(Lesson, TextShowsFiguresControlsAndTheLedger) {
  const Outcome outcome = run_soi(simulation({}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "") << "progress is for terminals";
  for (const char* said : {"parameters", "epochs", "figures", "untrained", "claims", "SAE1-20", "why"}) {
    EXPECT_NE(outcome.out.find(said), std::string::npos) << said << "\n" << outcome.out;
  }
}

TEST(Lesson, ArraysAreWritten) {
  const TemporaryFolder folder;
  const Json json = run_soi(simulation({"--json", "--arrays", folder.path("arrays")})).json();
  ASSERT_FALSE(json["arrays"].empty());
  for (const auto& [name, shape] : json["arrays"].items()) {
    std::size_t n_values = 1;
    for (const Json& dimension : shape) n_values *= dimension.get<std::size_t>();
    const std::string file = folder.path("arrays/" + name + ".npy");
    ASSERT_TRUE(std::filesystem::exists(file)) << file;
    EXPECT_GT(std::filesystem::file_size(file), 4 * n_values);
  }
}

TEST(Lesson, StartsFromValuesThatAnotherRunKept) {
  const TemporaryFolder folder;
  const Json first =
      without_seconds(run_soi(simulation({"--json", "--set", "keep_initial=true", "--arrays", folder.path("kept")})));
  ASSERT_TRUE(std::filesystem::exists(folder.path("kept/initial.encoder.npy")));
  // Another seed draws other weights; the kept ones make the network the first run's.
  const auto trained = [&](const Arguments& more) {
    Arguments arguments{"--json", "--set", "keep_initial=true", "--seed", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return without_seconds(run_soi(simulation(arguments)))["figures"]["best_r.sine"];
  };
  EXPECT_EQ(trained({"--initial", folder.path("kept")}), first["figures"]["best_r.sine"]);
  EXPECT_NE(trained({}), first["figures"]["best_r.sine"]);
}

TEST(Lesson, TextsComeFromFiles) {
  const TemporaryFolder folder;
  std::string pairs;
  for (const char* line : {"I saw [him|her] today.", "They gave [him|her] a book.", "We will ask [him|her] again.",
                           "She called [him|her] home.", "You know [him|her] well.", "Tom met [him|her] there.",
                           "Nobody heard [him|her] sing.", "The cat followed [him|her] out."}) {
    pairs += std::string(line) + "\n";
  }
  const Arguments settings{"lesson",
                           "ged-him-her",
                           "--model",
                           "demo",
                           "--json",
                           "--set",
                           "sweep=false",
                           "--set",
                           "n_folds=2",
                           "--set",
                           "n_permutations=2",
                           "--set",
                           "n_layer_permutations=1",
                           "--set",
                           "pairs=@" + folder.write("pairs.txt", pairs)};
  const Outcome outcome = run_soi(settings);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["parameters"]["pairs"], pairs);
  EXPECT_EQ(outcome.json()["model"], "demo");
}

TEST(Lesson, AWrongCallIsTwo) {
  for (const Arguments& arguments :
       std::vector<Arguments>{{"lesson"},
                              {"lesson", "sae-simulation", "--set", "epochs"},
                              {"lesson", "sae-simulation", "--set", "=3"},
                              {"lesson", "sae-simulation", "--set", "epochs=1", "--set", "epochs=2"},
                              {"lesson", "sae-simulation", "--seed", "-1"},
                              {"lesson", "sae-simulation", "--seed", "18446744073709551616"},
                              {"lesson", "sae-simulation", "--threads", "0"},
                              {"lesson", "sae-simulation", "--protocol", "notebook", "--set", "protocol=document"}}) {
    const Outcome outcome = run_soi(arguments);
    EXPECT_EQ(outcome.status, 2) << outcome.out << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("soi: error: ")) << outcome.err;
  }
}

TEST(Lesson, AnErrorIsOneWithAHint) {
  const TemporaryFolder folder;
  const std::string not_npy = folder.path("bad");
  std::filesystem::create_directory(not_npy);
  folder.write("bad/encoder.npy", "no numbers");
  struct Bad {
    Arguments arguments;
    std::string said;
  };
  for (const Bad& bad : std::vector<Bad>{
           {{"lesson", "sae-simulatoin"}, "sae-simulation"},
           {{"lesson", "sae-simulation", "--set", "epochs=-1"}, "epochs"},
           {{"lesson", "sae-simulation", "--set", "epoch=3"}, "epochs"},
           {{"lesson", "sae-simulation", "--set", "noise=loud"}, "noise"},
           {{"lesson", "sae-simulation", "--protocol", "own"}, "corrected"},
           {{"lesson", "ged-him-her"}, "--model"},
           {{"lesson", "ged-him-her", "--model", folder.path("nothing")}, "nothing"},
           {{"lesson", "ged-him-her", "--model", "demo", "--set", "pairs=@" + folder.path("nothing")}, "nothing"},
           {simulation({"--initial", folder.path("nothing")}), "nothing"},
           {simulation({"--initial", not_npy}), "encoder.npy"},
           {simulation({"--arrays", folder.path("bad/encoder.npy")}), "--arrays"}}) {
    const Outcome outcome = run_soi(bad.arguments);
    EXPECT_EQ(outcome.status, 1) << outcome.out;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.starts_with("soi: error: ")) << outcome.err;
    EXPECT_NE(outcome.err.find("\nsoi: "), std::string::npos) << "no hint: " << outcome.err;
    EXPECT_NE(outcome.err.find(bad.said), std::string::npos) << outcome.err;
  }
}

TEST(Lesson, AnInterruptStopsIt) {
  const TemporaryFolder folder;
  // `timeout` sends the signal after a second (to the program alone: without --foreground it comes twice, and a second
  // one ends the program at once); a run of so many networks takes minutes.
  const std::string command = std::string("timeout --foreground --signal=INT 1 '") + SOI_PROGRAM +
                              "' lesson sae-simulation --set n_seeds=1000 --set n_samples=20000 --threads 1 >'" +
                              folder.path("out") + "' 2>'" + folder.path("err") + "'; test $? -eq 124 -o $? -eq 130";
  std::system(command.c_str());
  EXPECT_EQ(read_text(folder.path("out")), "");
  EXPECT_NE(read_text(folder.path("err")).find("was stopped"), std::string::npos) << read_text(folder.path("err"));
}

}  // namespace
}  // namespace soi
