import { type LessonResult, type LiveContext, type LiveSeries, type PlotContext, arrayOf, controlOf, defineLesson, numberOf } from '../../web/lesson/define_lesson'
import { pythonLiteral } from '../../web/lesson/python_code'
import type { DotRow, DotValue, PlotSpec } from '../../web/plots/plot_spec'
import code from './code.py?raw'
import heldOut from './data/held_out.txt?raw'
import heldOutWords from './data/held_out_words.txt?raw'
import fillers from './data/fillers.txt?raw'
import otherWords from './data/other_words.txt?raw'
import passage from './data/passage.txt?raw'
import testWords from './data/test_words.txt?raw'
import words from './data/words.txt?raw'

const given: Record<string, string> = {
  lesson_passage: passage,
  lesson_held_out: heldOut,
  lesson_words: words,
  lesson_fillers: fillers,
  lesson_test_words: testWords,
  lesson_other_words: otherWords,
}

export default defineLesson({
  experiment: 'sae-palinka',
  code: Object.entries(given).reduce((text, [name, value]) => text.replace(`{{${name}}}`, () => pythonLiteral(value)), code),
  controls: {
    'doc-o-dau': {
      title: 'SAE đọc gì',
      controls: [
        {
          parameter: 'hook',
          label: 'Tensor được đọc',
          choices: { mlp_out: 'đầu ra của MLP (768 ở GPT-2)', before_gelu: 'nơ-ron trước GELU (3.072)', after_gelu: 'nơ-ron sau GELU (3.072)' },
        },
        { parameter: 'layer', label: 'Khối, đếm từ 0', choices: { '-1': 'giữa mô hình' }, help: 'Bài gốc không nói khối nào.' },
        { parameter: 'first_position', label: 'Kể cả vị trí 0' },
      ],
    },
    mang: {
      title: 'Mạng và huấn luyện',
      controls: [
        { parameter: 'n_latents', label: 'Số đơn vị ẩn', choices: { '0': '8 lần bề rộng mô hình' } },
        { parameter: 'tied', label: 'Trọng số buộc' },
        { parameter: 'biases', label: 'Có hệ số chệch', help: 'Sổ tay gốc không có.' },
        { parameter: 'top_k_share', label: 'Phần Top-K giữ lại', form: 'slider', minimum: 0.01, maximum: 1, step: 0.01 },
        { parameter: 'top_k_of', label: 'Phần ấy tính trên', choices: { latents: 'số đơn vị ẩn', inputs: 'số đầu vào (sổ tay gốc)' } },
        { parameter: 'top_k', label: 'Hoặc k là một số', choices: { '0': 'tính theo phần' } },
        { parameter: 'small_k', label: 'k của mạng so sánh' },
        { parameter: 'l1_weight', label: 'Hệ số phạt L1', form: 'slider', maximum: 4 },
        { parameter: 'decorrelation_weight', label: 'Hệ số phạt tương quan', form: 'slider', maximum: 0.01, step: 0.0001 },
        { parameter: 'learning_rate', label: 'Tốc độ học', form: 'slider', minimum: 0.00001, maximum: 0.01, logarithmic: true },
        { parameter: 'epochs', label: 'Số epoch' },
        { parameter: 'variants', label: 'Huấn luyện thêm ba mạng so sánh', help: 'Tắt đi thì chạy nhanh hơn nhiều.' },
        { parameter: 'n_untrained', label: 'Số mạng chưa huấn luyện' },
      ],
    },
    'van-ban': {
      title: 'Văn bản',
      note: 'Viết "ids: 464 3290 ..." nếu bạn muốn cho thẳng số hiệu token.',
      controls: [
        { parameter: 'passage', label: 'Đoạn để huấn luyện', form: 'passage', initialText: passage },
        { parameter: 'held_out', label: 'Đoạn để riêng', form: 'passage', initialText: heldOut },
      ],
    },
    'cham-diem': {
      title: 'Cách chấm điểm',
      controls: [
        {
          parameter: 'score',
          label: 'Điểm chọn lọc',
          choices: {
            standardized: '(g − n) chia độ lệch chuẩn',
            contrast: '(g − n) / (g + n)',
            ratio: 'g / n (tài liệu)',
            ratio_of_active: 'g / n, chỉ tính giá trị khác 0 (sổ tay gốc)',
          },
        },
        { parameter: 'word_set', label: 'Từ địa lý', choices: { thirteen: 'mười ba từ của sổ tay gốc', three: 'ba từ của tài liệu' } },
        { parameter: 'against', label: 'So với', choices: { all: 'mọi token khác', fillers: 'các từ đệm' } },
        { parameter: 'hold_out_test_words', label: 'Để các từ kiểm tra ra ngoài điểm' },
        { parameter: 'n_top', label: 'Số đơn vị điểm cao nhất được xem' },
        { parameter: 'n_permutations', label: 'Số lần dời nhãn' },
      ],
    },
    tu: {
      title: 'Các danh sách từ',
      note: 'Mỗi dòng một từ.',
      controls: [
        { parameter: 'words', label: 'Từ địa lý của bạn', form: 'passage' },
        { parameter: 'fillers', label: 'Từ đệm', form: 'passage', initialText: fillers },
        { parameter: 'test_words', label: 'Từ để kiểm tra', form: 'passage', initialText: testWords },
        { parameter: 'other_words', label: 'Dấu và từ chẳng liên quan', form: 'passage', initialText: otherWords },
        { parameter: 'held_out_words', label: 'Từ địa lý của đoạn để riêng', form: 'passage', initialText: heldOutWords },
        { parameter: 'single_word', label: 'Từ được đếm số đơn vị sáng', form: 'line', initialText: 'Romania' },
      ],
    },
  },
  predictions: {
    luoi: {
      kind: 'slider',
      question: 'Sau huấn luyện, bao nhiêu phần trăm ô của lưới (token × đơn vị ẩn) còn khác 0?',
      note: 'Top-K được phép giữ tối đa 50 %. Bài gốc nói 6,5 %.',
      minimum: 0,
      maximum: 1,
      step: 0.01,
      quantity: 'lưới',
      format: 'percent',
      measured: (result) => numberOf(result, 'density.grid'),
    },
    'dau-cau': {
      kind: 'slider',
      question: 'Trong những đơn vị có điểm địa lý cao nhất, bao nhiêu phần trăm cũng kích hoạt ở dấu ngoặc, dấu phẩy hay từ "naught"?',
      minimum: 0,
      maximum: 1,
      step: 0.01,
      quantity: 'đơn vị điểm cao',
      format: 'percent',
      measured: (result) => numberOf(result, 'top.other_words'),
    },
  },
  plots: {
    'mat-mat': losses,
    'mat-do': (result) => ({
      kind: 'histogram',
      name: 'mat-do',
      lead: 'Chưa huấn luyện, đơn vị nào cũng sáng ở chừng nửa số token; huấn luyện kéo đám ấy ra bao xa?',
      caption: `${madeBy(result)} Mật độ của một đơn vị: phần token mà nó khác 0. Mức ngẫu nhiên: một mạng chưa huấn luyện.`,
      x: { label: 'mật độ của đơn vị ẩn', format: 'percent', domain: [0, 1] },
      counted: 'đơn vị ẩn',
      series: [
        { label: 'đã huấn luyện', form: 'measured', values: arrayOf(result, 'density').values },
        { label: 'chưa huấn luyện', form: 'chance', values: arrayOf(result, 'density.untrained').values },
      ],
    }),
    'bon-so': summary,
    'tai-tao': reconstruction,
    diem: (result) => ({
      kind: 'histogram',
      name: 'diem',
      lead: 'Dời nhãn "địa lý" sang chỗ khác rồi chấm lại: nếu hai hình chồng lên nhau, điểm cao không nói gì về địa lý.',
      caption: `${madeBy(result)} Mức ngẫu nhiên: nhãn dời đi nửa vòng. Điểm vô hạn hoặc không tính được thì không vẽ.`,
      x: { label: 'điểm chọn lọc' },
      counted: 'đơn vị ẩn',
      levels: [{ form: 'threshold', label: 'ngưỡng điểm cao', value: number(result, 'score.high_from') }],
      series: [
        { label: 'nhãn thật', form: 'measured', values: finite(arrayOf(result, 'scores').values) },
        { label: 'nhãn dời chỗ', form: 'chance', values: finite(arrayOf(result, 'scores.moved').values) },
      ],
    }),
    'doi-chung': topLatents,
    'ban-do': heatMap,
    'mot-don-vi': bestLatent,
    'mot-tu': litByToken,
  },
  live: [liveLoss],
  claimPlots: {
    'SAE2-07': 'tai-tao',
    'SAE2-11': 'bon-so',
    'SAE2-12': 'bon-so',
    'SAE2-13': 'bon-so',
    'SAE2-14': 'bon-so',
    'SAE2-16': 'diem',
    'SAE2-17': 'doi-chung',
    'SAE2-18': 'doi-chung',
    'SAE2-23': 'mot-tu',
  },
})

function number(result: LessonResult, figure: string): number {
  return numberOf(result, figure) ?? NaN
}

function text(result: LessonResult, figure: string): string {
  return String(numberOf(result, figure))
}

function madeBy(result: LessonResult): string {
  return `${result.model}, seed ${result.seed}, khối ${text(result, 'layer')}, ${text(result, 'n_samples')} token.`
}

function finite(values: Float32Array): Float32Array {
  return values.filter((value) => Number.isFinite(value))
}

/** Mean and ends of a control's values, as what chance gives; none where nothing could be computed. */
function chance(result: LessonResult, name: string, figure: string): DotValue[] {
  const values = controlOf(result, name, figure).filter((value) => value !== null)
  if (values.length === 0) return []
  return [{ form: 'chance', value: values.reduce((sum, value) => sum + value, 0) / values.length, low: Math.min(...values), high: Math.max(...values) }]
}

/** A figure as a mark; none where it is no number (a variant that was not trained). */
function mark(form: DotValue['form'], value: number | null): DotValue[] {
  return value === null || !Number.isFinite(value) ? [] : [{ form, value }]
}

function losses(result: LessonResult): PlotSpec {
  const small = result.arrays.get('loss.mse.small_k')
  return {
    kind: 'line',
    name: 'mat-mat',
    lead: 'Sai số tái tạo còn giảm ở epoch cuối không? Nếu còn, con số cuối là của lúc dừng, không phải của lúc học xong.',
    caption: madeBy(result),
    x: { label: 'epoch', format: 'count' },
    y: { label: 'sai số bình phương trung bình', scale: 'log' },
    series: [
      { label: 'mạng chính', form: 'measured', y: arrayOf(result, 'loss.mse').values },
      ...(small ? [{ label: `k = ${String(result.parameters.small_k)}`, form: 'group-b' as const, y: small.values }] : []),
    ],
  }
}

function liveLoss(series: LiveSeries, { parameters }: LiveContext): PlotSpec | null {
  const main = series.get('loss.mse')
  if (!main) return null
  const small = series.get('loss.mse.small_k')
  return {
    kind: 'line',
    name: 'mat-mat-dang-chay',
    lead: 'Sai số tái tạo, từng epoch một.',
    x: { label: 'epoch', format: 'count', domain: [0, Number(parameters.epochs)] },
    y: { label: 'sai số bình phương trung bình', scale: 'log' },
    series: [
      { label: 'mạng chính', form: 'measured', x: main.steps, y: main.values },
      ...(small ? [{ label: 'k nhỏ', form: 'group-b' as const, x: small.steps, y: small.values }] : []),
    ],
  }
}

function summary(result: LessonResult, { predictions }: PlotContext): PlotSpec {
  const guess = predictions.luoi
  const row = (label: string, figure: string, documentSays: number | null, guessed: number | null = null): DotRow => ({
    label,
    values: [
      ...chance(result, 'untrained', figure),
      ...mark('group-b', numberOf(result, `${figure}.small_k`)),
      ...mark('document', documentSays),
      ...mark('measured', numberOf(result, figure)),
      ...mark('prediction', guessed),
    ],
  })
  return {
    kind: 'dots',
    name: 'bon-so',
    lead: 'Bốn điều bài gốc nói về lưới, cạnh mạng chưa huấn luyện và mạng có k nhỏ.',
    caption: `${madeBy(result)} Sáng ít: khác 0 ở nhiều nhất 5 % token, nhưng không im hẳn. Tài liệu: 6,5 % lưới; hơn nửa số đơn vị im lặng.`,
    x: { label: 'phần', format: 'percent', domain: [0, 1] },
    formLabels: { chance: 'chưa huấn luyện', 'group-b': `k = ${String(result.parameters.small_k)}` },
    rows: [
      row('lưới khác 0', 'density.grid', 0.065, typeof guess === 'number' ? guess : null),
      row('đơn vị im lặng', 'silent', 0.5),
      row('đơn vị luôn sáng', 'always_on', null),
      row('đơn vị sáng ít', 'rare', null),
    ],
  }
}

function reconstruction(result: LessonResult): PlotSpec {
  const row = (label: string, suffix: string): DotRow => ({
    label,
    values: [
      ...(suffix === '' ? chance(result, 'untrained', 'held_out.explained_variance') : []),
      ...mark('group-a', numberOf(result, `explained_variance${suffix}`)),
      ...mark('group-b', numberOf(result, `held_out.explained_variance${suffix}`)),
    ],
  })
  const rows = [
    row('mạng chính', ''),
    row(result.parameters.tied === true ? 'không buộc trọng số' : 'buộc trọng số', '.other_tying'),
    row(`k = ${String(result.parameters.small_k)}`, '.small_k'),
    row(result.parameters.first_position === true ? 'bỏ vị trí 0' : 'kể cả vị trí 0', '.other_first'),
  ]
  return {
    kind: 'dots',
    name: 'tai-tao',
    lead: 'Khoảng cách giữa đoạn đã học và đoạn để riêng cho biết mạng thuộc lòng đến đâu.',
    caption: `${madeBy(result)} Phần phương sai mà bản dựng lại giữ được.`,
    x: { label: 'phương sai giữ được', format: 'percent' },
    formLabels: { chance: 'chưa huấn luyện, đoạn để riêng', 'group-a': 'đoạn đã học', 'group-b': 'đoạn để riêng' },
    rows: rows.filter(({ values }) => values.length > 0),
  }
}

function topLatents(result: LessonResult, { predictions }: PlotContext): PlotSpec {
  const guess = predictions['dau-cau']
  const row = (label: string, figure: string, guessed: number | null = null): DotRow => ({
    label,
    values: [
      ...chance(result, 'moved_labels', figure),
      ...mark('group-b', numberOf(result, `${figure}.untrained`)),
      ...mark('measured', numberOf(result, figure)),
      ...mark('prediction', guessed),
    ],
  })
  return {
    kind: 'dots',
    name: 'doi-chung',
    lead: 'Các đơn vị điểm cao nhất, cạnh những đơn vị được chọn y như thế cho nhãn dời chỗ và cho mạng chưa học gì.',
    caption: `${madeBy(result)} ${String(result.parameters.n_top)} đơn vị; ${String(result.parameters.n_permutations)} lần dời nhãn.`,
    x: { label: 'phần', format: 'percent', domain: [0, 1] },
    formLabels: { chance: 'nhãn dời chỗ', 'group-b': 'mạng chưa huấn luyện' },
    rows: [
      row('sáng ở từ kiểm tra', 'top.test_words'),
      row('cũng sáng ở dấu câu, "naught"', 'top.other_words', typeof guess === 'number' ? guess : null),
      row('kích hoạt nằm ngoài từ địa lý', 'top.outside_share'),
    ],
  }
}

/** Where a word stands in the passage: of each time, its last token. */
function positionsOf(word: string, tokens: readonly string[]): number[] {
  const ends: number[] = []
  const text = tokens.reduce((before, token) => (ends.push((before + token).length), before + token), '')
  const found = text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${word.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu'))
  return [...found].map(({ index }) => ends.findIndex((end) => end >= index + word.length))
}

function litByToken(result: LessonResult): PlotSpec {
  const word = (result.labels.single_word?.[0] ?? '').trim()
  const chosen = word === '' ? [] : positionsOf(word, result.labels.tokens!)
  const counts = [...arrayOf(result, 'active_counts').values]
  const places = counts.map((_, position) => position)
  const others = places.filter((position) => !chosen.includes(position))
  return {
    kind: 'line',
    name: 'mot-tu',
    lead: `Số đơn vị khác 0 ở từng token: "${word}" có đứng cao hơn các token khác không?`,
    caption: `${madeBy(result)} Ở "${word}": ${text(result, 'lit.single_word')} đơn vị.`,
    x: { label: 'vị trí', format: 'count', positions: true },
    y: { label: 'đơn vị sáng', format: 'count', zero: true },
    levels: [
      { form: 'chance', label: 'trung bình các token khác', value: Math.round(number(result, 'lit.mean')) },
      { form: 'document', label: 'tài liệu: ít nhất', value: 200 },
    ],
    series: [
      { label: 'token khác', form: 'soft', draw: 'dots', x: others, y: others.map((position) => counts[position]!) },
      { label: word, form: 'measured', draw: 'dots', x: chosen, y: chosen.map((position) => counts[position]!) },
    ],
  }
}

/** The strongest colour: the largest activation of the positions that are counted. */
function rangeOf(values: Float32Array, n_tokens: number, first: number): { range?: number } {
  const range = values.reduce((largest, value, index) => (index % n_tokens < first ? largest : Math.max(largest, value)), 0)
  return range > 0 ? { range } : {}
}

function firstUsed(result: LessonResult): number {
  return result.parameters.first_position === true ? 0 : 1
}

function heatMap(result: LessonResult): PlotSpec {
  const { shape, values } = arrayOf(result, 'top.activations')
  const latents = [...arrayOf(result, 'top.latents').values]
  return {
    kind: 'heat-map',
    name: 'ban-do',
    lead: 'Mỗi hàng một đơn vị điểm cao, mỗi cột một token. Đi theo một hàng và đọc những token ngoài địa lý.',
    caption: `${madeBy(result)} Bấm một ô thì token ấy được chọn trong mọi biểu đồ của trang.`,
    rows: { label: 'đơn vị ẩn', count: shape[0]!, names: latents.map(String) },
    columns: { label: 'token', count: shape[1]!, names: result.labels.tokens!, positions: true },
    values,
    value: { label: 'giá trị kích hoạt' },
    map: 'sequential',
    ...rangeOf(values, shape[1]!, firstUsed(result)),
  }
}

function bestLatent(result: LessonResult): PlotSpec {
  const { shape, values } = arrayOf(result, 'top.activations')
  const row = values.slice(0, shape[1])
  return {
    kind: 'tokens',
    name: 'mot-don-vi',
    lead: 'Đơn vị điểm cao nhất, trên cả đoạn văn: bạn có đặt được cho nó một cái tên không?',
    caption: `${madeBy(result)} Đơn vị ${String(arrayOf(result, 'top.latents').values[0])}.`,
    tokens: result.labels.tokens!,
    values: row,
    value: { label: 'giá trị kích hoạt' },
    map: 'sequential',
    ...rangeOf(row, shape[1]!, firstUsed(result)),
  }
}
