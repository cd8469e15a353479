// Which folder may import from which: tensor <- kernels <- {tokenizer, weights, hooks} <- model <- analysis <- experiments
// <- {wasm, tools}, and on the web side engine <- models <- page <- plots <- lesson <- the pages and lessons.
//
// The model's configuration lives in core/weights, not in core/model: it is inferred from a checkpoint's tensors, and
// the model imports the weights.

const core = (...names) => names.map((name) => `core/${name}`)
const wholeCore = core('tensor', 'kernels', 'tokenizer', 'weights', 'hooks', 'model', 'analysis', 'experiments')
const wholeWeb = ['web/engine', 'web/models', 'web/plots', 'web/page', 'web/lesson']

/**
 * Folder -> the other folders that it may import from. The longest folder that holds a file is the file's room.
 * @type {Record<string, string[]>}
 */
export const rooms = {
  'core/tensor': [],
  'core/kernels': core('tensor'),
  'core/tokenizer': core('tensor', 'kernels'),
  'core/weights': core('tensor', 'kernels'),
  'core/hooks': core('tensor', 'kernels'),
  'core/model': core('tensor', 'kernels', 'tokenizer', 'weights', 'hooks'),
  'core/analysis': core('tensor', 'kernels', 'tokenizer', 'weights', 'hooks', 'model'),
  'core/experiments': core('tensor', 'kernels', 'tokenizer', 'weights', 'hooks', 'model', 'analysis'),
  wasm: wholeCore,
  'web/engine': [],
  'web/models': ['web/engine'],
  // Data in, element out: they know neither the engine nor the lessons. Words and number formats are the page's.
  'web/plots': ['web/page'],
  'web/page': ['web/engine', 'web/models'],
  // The service worker sends the page's headers.
  'web/offline': ['web/page'],
  'web/lesson': ['web/engine', 'web/models', 'web/page', 'web/plots'],
  // Makes the pages of the lessons, which it finds and does not import.
  'web/build': wholeWeb,
  web: [...wholeWeb, 'web/build'],
  lessons: wholeWeb,
  tools: [...wholeCore, 'wasm', 'web', ...wholeWeb, 'web/build', 'tests'],
  tests: [...wholeCore, 'wasm', 'web', ...wholeWeb, 'web/build', 'web/offline', 'lessons', 'tools'],
}
