#include "tools/cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iostream>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace soi::cli {
namespace {

constexpr const char* kModelHelp =
    "Where M is expected: a .safetensors file (a config.json beside it is read), a folder that holds one, or `demo`, "
    "the model that comes with Soi.";

constexpr int kUsageStatus = 2;
constexpr int kMaxThreads = 256;

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t comma = list.find(','); comma != std::string::npos; comma = list.find(',', begin)) {
    parts.push_back(list.substr(begin, comma - begin));
    begin = comma + 1;
  }
  parts.push_back(list.substr(begin));
  return parts;
}

template <typename Number>
Number parse_number(const std::string& text, const std::string& option, const std::string& wanted) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw CLI::ValidationError(option, "\"" + text + "\" is not " + wanted);
  }
  return number;
}

std::vector<std::int32_t> parse_ids(const std::string& list) {
  std::vector<std::int32_t> ids;
  for (const std::string& part : split(list)) {
    ids.push_back(parse_number<std::int32_t>(part, "--ids", "a token id; write 1,2,3"));
  }
  return ids;
}

/// The library takes "-3" for a size, and wraps it, and a number that does not fit for the largest that does.
CLI::Validator whole_number() {
  const auto check = [](const std::string& text) -> std::string {
    const bool is_digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    if (!is_digits) return "\"" + text + "\" is not a whole number, 0 or more";
    std::uint64_t number = 0;
    const bool fits = std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc{};
    return fits ? "" : text + " is above " + std::to_string(std::numeric_limits<std::uint64_t>::max());
  };
  return {check, ""};
}

void add_json(CLI::App& app, bool& json) { app.add_flag("--json", json, "Write the result as one JSON object"); }

void add_text(CLI::App& app, CLI::Option_group& group, TextSource& source) {
  group.add_option("--text", source.text, "The text")->type_name("T");
  group.add_option("--file", source.file, "A file with the text; - for standard input")->type_name("F");
  app.add_flag("--special", source.special, "Read <|endoftext|> in the text as the special token, not as text");
}

/// How the model is held, but for its name.
void add_model_options(CLI::App& app, ModelArguments& model) {
  static const std::map<std::string, NumberFormat> formats{
      {"f32", NumberFormat::f32}, {"f16", NumberFormat::f16}, {"int8", NumberFormat::int8}};
  app.add_option_function<std::string>(
         "--format", [&model](const std::string& name) { model.format = formats.at(name); },
         "How matrices are held in memory: f32, f16 or int8 (default: f32; int8 for an int8 file)")
      ->check(CLI::IsMember(formats))
      ->type_name("FORMAT");
  app.add_option("--threads", model.n_threads, "Threads (default: one a logical processor); no number depends on it")
      ->check(whole_number())
      ->check(CLI::Range(1, kMaxThreads))
      ->type_name("N");
  app.add_flag("--stream", model.stream, "Read each block from the file when it is needed: slower, little memory");
}

void add_run(CLI::App& app, RunArguments& run) {
  app.add_option("--model", run.model.model, "The model: a file, a folder, or `demo`")->type_name("M")->required();
  CLI::Option_group& input = *app.add_option_group("Input", "What to run on; exactly one of");
  add_text(app, input, run.text);
  input
      .add_option_function<std::string>(
          "--ids", [&run](const std::string& list) { run.ids = parse_ids(list); }, "Token ids, in place of a text")
      ->type_name("1,2,3");
  input.require_option(1);
  add_model_options(app, run.model);
  add_json(app, run.json);
}

std::pair<std::string, std::string> parse_setting(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos) {
    throw CLI::ValidationError("--set", "\"" + text + "\" is not NAME=VALUE");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

/// A subcommand whose arguments fill `command`; `chosen` becomes it when it is named.
template <typename Arguments>
CLI::App& add_command(CLI::App& app, const std::string& name, const std::string& about, Arguments& arguments,
                      Command& chosen) {
  CLI::App& command = *app.add_subcommand(name, about);
  command.callback([&] { chosen = arguments; });
  return command;
}

/// All arguments of all commands; one command's are filled.
class Parser {
 public:
  Parser() {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", std::string("soi ") + SOI_VERSION);
    app_.footer("Errors go to standard error with a hint; exit status 1 for an error, 2 for a wrong call.");
    add_tokens();
    add_inspect();
    add_forward();
    add_capture();
    add_gradient();
    add_generate();
    add_lesson();
  }

  std::variant<Command, ExitStatus> parse(int argc, const char* const* argv) {
    try {
      if (argc > 1) require_command(argv[1]);
      app_.parse(argc, argv);
    } catch (const CLI::Success& asked) {  // help or version
      return ExitStatus{app_.exit(asked, std::cout, std::cerr)};
    } catch (const CLI::ParseError& error) {
      std::cerr << "soi: error: " << error.what() << "\nsoi: See soi" << chosen_name() << " --help.\n";
      return ExitStatus{kUsageStatus};
    }
    return chosen_;
  }

 private:
  /// CLI11 would only say that a command is required, not that this is none.
  void require_command(const std::string& name) const {
    const auto is_named = [&](const CLI::App* command) { return command->get_name() == name; };
    if (name.starts_with('-') || std::ranges::any_of(app_.get_subcommands({}), is_named)) return;
    throw CLI::ParseError("there is no command \"" + name + "\"", kUsageStatus);
  }

  std::string chosen_name() const {
    const auto commands = app_.get_subcommands();
    return commands.empty() ? "" : " " + commands.front()->get_name();
  }

  void add_tokens() {
    CLI::App& app = add_command(app_, "tokens", "Split a text into GPT-2's tokens", tokens_, chosen_);
    CLI::Option_group& input = *app.add_option_group("Input", "Exactly one of");
    add_text(app, input, tokens_.text);
    input
        .add_option(
            "--lines", tokens_.lines,
            "A file of JSON strings, one a line; one JSON array of token ids a line comes out. - for standard input")
        ->type_name("F");
    input.require_option(1);
    add_json(app, tokens_.json);
    app.footer(
        "JSON: {\"tokens\": [{\"id\", \"begin\", \"end\", \"text\", \"bytes\"}], \"groups\": [first token of each "
        "group of\n"
        "tokens that together are whole characters]}. begin and end count bytes; text has U+FFFD where a token's "
        "bytes\n"
        "alone are not UTF-8; bytes are hexadecimal.");
  }

  void add_inspect() {
    CLI::App& app = add_command(app_, "inspect", "Is a checkpoint a usable GPT-2, and if not, why", inspect_, chosen_);
    app.add_option("FILE", inspect_.model, "A .safetensors file, a folder that holds one, or `demo`")->required();
    add_json(app, inspect_.json);
    app.footer(
        "Reads the whole file: its header, names, shapes and every number. Exit status 1 where it is not usable.\n"
        "JSON: {\"usable\", \"file\", \"file_bytes\", \"config\": {...}, \"n_parameters\", \"dtypes\": {name: "
        "tensors},\n"
        "\"memory_bytes\": {\"f32\", \"f16\", \"int8\"}, \"ignored\": [names]} or\n"
        "{\"usable\": false, \"file\", \"error\": {\"code\", \"message\", \"hint\", \"details\"}}.");
  }

  void add_forward() {
    CLI::App& app = add_command(app_, "forward", "The most probable next tokens", forward_, chosen_);
    add_run(app, forward_.run);
    app.add_option("--top", forward_.n_top, "How many next tokens (default 10)")->check(whole_number())->type_name("N");
    app.footer(
        std::string(kModelHelp) +
        "\nJSON: {\"model\": {...}, \"tokens\": [...], \"positions\": [{\"position\", \"next\": [{\"id\", \"text\", "
        "\"bytes\",\n\"logit\", \"probability\"}]}]}; without --json, the last position alone.");
  }

  void add_capture() {
    CLI::App& app = add_command(app_, "capture", "Write activations as .npy files", capture_, chosen_);
    add_run(app, capture_.run);
    app.add_option_function<std::string>(
           "--hook", [this](const std::string& list) { capture_.hooks = split(list); },
           "Hook names under TransformerLens's spelling, as blocks.0.hook_resid_post, or `logits`; `all` for every "
           "hook")
        ->type_name("NAME[,NAME]|all")
        ->required();
    app.add_option("--out", capture_.out, "Folder for the files NAME.npy (float32); made where it is not there")
        ->type_name("DIR")
        ->required();
    app.footer(std::string(kModelHelp) +
               "\nJSON: {\"model\": {...}, \"tokens\": [...], \"files\": [{\"hook\", \"path\", \"shape\"}]}.");
  }

  void add_gradient() {
    CLI::App& app = add_command(app_, "gradient", "The gradient of one number inside the model to the input embeddings",
                                gradient_, chosen_);
    add_run(app, gradient_.run);
    app.add_option("--hook", gradient_.hook, "The hook that holds the number")->type_name("NAME")->required();
    app.add_option_function<std::string>(
           "--position",
           [this](const std::string& text) {
             if (text != "mean")
               gradient_.position = parse_number<std::size_t>(text, "--position", "a position or `mean`");
           },
           "Its position, from 0; `mean`: the mean over all positions")
        ->type_name("P|mean")
        ->required();
    app.add_option("--index", gradient_.index, "Its index in the row, from 0")
        ->check(whole_number())
        ->type_name("I")
        ->required();
    app.add_option("--out", gradient_.out, "File for the gradient, float32 [positions, d_model]")
        ->type_name("FILE.npy")
        ->required();
    app.footer(
        std::string(kModelHelp) +
        "\nJSON: {\"model\": {...}, \"tokens\": [...], \"hook\", \"position\", \"index\", \"value\", \"norms\": [a "
        "position's\nL2 norm of the gradient], \"path\", \"shape\"}.");
  }

  void add_generate() {
    CLI::App& app = add_command(app_, "generate", "Continue a text, token by token", generate_, chosen_);
    add_run(app, generate_.run);
    SamplingOptions& sampling = generate_.sampling;
    app.add_option("--tokens", generate_.n_tokens, "How many tokens; fewer where the context is full")
        ->check(whole_number())
        ->check([](const std::string& text) {
          return text.find_first_not_of('0') == text.npos ? "it must be 1 or more" : "";
        })
        ->type_name("N")
        ->required();
    app.add_option("--temperature", sampling.temperature, "0 for the most probable token (default 1)")->type_name("X");
    app.add_option("--top-k", sampling.top_k, "Draw from the K most probable tokens (default 0: from all)")
        ->check(whole_number())
        ->type_name("K");
    app.add_option("--top-p", sampling.top_p, "Draw from the fewest tokens with this probability together (default 1)")
        ->type_name("P");
    app.add_option("--seed", sampling.seed, "The same seed draws the same tokens (default 1)")
        ->check(whole_number())
        ->type_name("S");
    app.footer(
        std::string(kModelHelp) +
        "\nJSON: {\"model\": {...}, \"tokens\": [...], \"generated\": [...], \"text\", \"stopped\": \"length\" or "
        "\"context_full\"}.");
  }

  void add_lesson() {
    CLI::App& app =
        add_command(app_, "lesson", "Run a lesson's experiment, its controls and its claims", lesson_, chosen_);
    CLI::Option* name = app.add_option("NAME", lesson_.name, "The lesson; --list tells which there are");
    CLI::Option* list = app.add_flag("--list", lesson_.list, "The lessons and their parameters, or those of NAME");
    app.add_option("--model", lesson_.model.model, "The model: a file, a folder, or `demo`; none for a simulation")
        ->type_name("M");
    CLI::Option* protocol =
        app.add_option("--protocol", lesson_.protocol, "notebook, document or corrected (default corrected)")
            ->type_name("P");
    app.add_option("--seed", lesson_.seed, "The same seed gives the same numbers (default 1)")
        ->check(whole_number())
        ->type_name("S");
    app.add_option_function<std::vector<std::string>>(
           "--set",
           [this](const std::vector<std::string>& given) {
             for (const std::string& each : given) lesson_.settings.push_back(parse_setting(each));
           },
           "A parameter, each at most once. A text's value may be @FILE, whose text it is (- for standard input; "
           "@@ for a text that begins with @)")
        ->type_name("NAME=VALUE")
        ->take_all()
        ->expected(1);
    app.add_option("--arrays", lesson_.arrays, "Folder for the result's arrays, NAME.npy (float32)")->type_name("DIR");
    app.add_option("--initial", lesson_.initial,
                   "Folder with values to start from, NAME.npy or initial.NAME.npy; --list tells which")
        ->type_name("DIR");
    add_model_options(app, lesson_.model);
    add_json(app, lesson_.json);
    app.parse_complete_callback([this, name, list, protocol] {
      if (name->empty() && list->empty()) throw CLI::RequiredError("NAME");
      std::set<std::string> names;
      for (const auto& [key, value] : lesson_.settings) {
        if (!names.insert(key).second) throw CLI::ValidationError("--set", key + " is set twice");
        if (key == "protocol" && !protocol->empty() && value != lesson_.protocol) {
          throw CLI::ValidationError("--protocol", "two protocols are named, " + lesson_.protocol + " and " + value);
        }
      }
    });
    app.footer(
        std::string(kModelHelp) +
        "\nJSON: {\"lesson\", \"protocol\", \"seed\", \"model\", \"build\", \"parameters\": {name: value}, "
        "\"figures\": {name:\n{\"value\", \"unit\"}}, \"controls\": [{\"name\", \"figure\", \"values\", \"unit\"}], "
        "\"claims\": [{\"id\", \"document\",\n\"measured\", \"chance\", \"chance_low\", \"chance_high\", \"verdict\", "
        "\"why\"}], \"labels\", \"arrays\": {name: shape},\n\"seconds\"}; numbers that are not finite are null. A run "
        "that Ctrl-C stops has exit status 130.");
  }

  CLI::App app_{"Soi: look inside GPT-2 from the command line.", "soi"};
  TokensCommand tokens_;
  InspectCommand inspect_;
  ForwardCommand forward_;
  CaptureCommand capture_;
  GradientCommand gradient_;
  GenerateCommand generate_;
  LessonCommand lesson_;
  Command chosen_;
};

}  // namespace

std::variant<Command, ExitStatus> parse_arguments(int argc, const char* const* argv) {
  return Parser().parse(argc, argv);
}

}  // namespace soi::cli
