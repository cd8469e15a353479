import { type LessonResult, type LiveContext, type LiveSeries, controlOf, defineLesson, numberOf, seriesOf } from '../../web/lesson/define_lesson'
import { formatCount, formatNumber } from '../../web/page/numbers'
import type { LineSeries, PlotSpec } from '../../web/plots/plot_spec'
import code from './code.py?raw'

const numbers = (values: (number | null)[]) => values.map((value) => value ?? NaN)
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const made = ({ seed, parameters }: LessonResult) => `Dữ liệu mô phỏng, seed ${seed}, n = ${formatCount(Number(parameters.n_samples))}.`
const madeOfMany = (result: LessonResult) => `${made(result)} ${formatCount(Number(result.parameters.n_seeds))} mạng mỗi loại.`

export default defineLesson({
  experiment: 'sae-simulation',
  code,
  controls: {
    'du-lieu': {
      title: 'Dữ liệu',
      controls: [
        { parameter: 'n_samples', label: 'Số mẫu' },
        { parameter: 'periods', label: 'Số chu kỳ của sóng sin' },
        { parameter: 'step', label: 'Sóng bước', choices: { two_levels: 'hai mức: 0 và 2', sign: 'hai mức, lấy theo dấu', three_levels: 'ba mức: 0, 1 và 2' } },
        { parameter: 'mixing_11', label: 'Trộn: sóng sin vào kênh 1' },
        { parameter: 'mixing_12', label: 'Trộn: sóng sin vào kênh 2' },
        { parameter: 'mixing_21', label: 'Trộn: sóng bước vào kênh 1' },
        { parameter: 'mixing_22', label: 'Trộn: sóng bước vào kênh 2' },
        { parameter: 'noise', label: 'Độ lệch chuẩn của nhiễu', form: 'slider', maximum: 1 },
      ],
    },
    'huan-luyen': {
      title: 'Huấn luyện',
      controls: [
        { parameter: 'l1_weight', label: 'Hệ số phạt L1', form: 'slider', maximum: 4, help: 'Bằng 0: không phạt.' },
        { parameter: 'decorrelation_weight', label: 'Hệ số phạt tương quan', form: 'slider', maximum: 4 },
        { parameter: 'mean_decorrelation', label: 'Phạt tương quan lấy trung bình trên các cặp' },
        { parameter: 'n_latents', label: 'Số đơn vị ẩn' },
        { parameter: 'activation', label: 'Hàm kích hoạt', choices: { relu: 'ReLU', gelu: 'GELU', linear: 'tuyến tính' } },
        { parameter: 'learning_rate', label: 'Tốc độ học', form: 'slider', minimum: 0.0001, maximum: 0.1, logarithmic: true },
        { parameter: 'epochs', label: 'Số epoch' },
        { parameter: 'unit_norm_decoder', label: 'Giữ độ dài decoder bằng 1' },
        { parameter: 'tied', label: 'Trọng số buộc' },
        { parameter: 'matching', label: 'Ghép nguồn', choices: { one_to_one: 'mỗi nguồn một đơn vị', best: 'đơn vị tốt nhất, có thể trùng' } },
        { parameter: 'n_seeds', label: 'Số mạng mỗi biến thể' },
        { parameter: 'n_grid_seeds', label: 'Số mạng ở mỗi hệ số phạt', help: 'Bằng 0: không quét hai hệ số phạt.' },
      ],
    },
  },
  predictions: {
    r: {
      kind: 'slider',
      question: 'Một mạng chưa huấn luyện bước nào sẽ khớp nguồn kém hơn trong hai nguồn đến đâu?',
      note: '|r| bằng 1 là khớp hoàn toàn, bằng 0 là không liên quan.',
      minimum: 0,
      maximum: 1,
      step: 0.01,
      quantity: '|r|',
      format: '2',
      measured: (result) => mean(numbers(controlOf(result, 'untrained', 'best_r.lower'))),
    },
  },
  figures: { 'nua-song': halfWave },
  plots: {
    kenh: channels,
    'sang-bao-lau': litShare,
    'quet-l1': (result) =>
      sweepPlot(result, 'l1_grid', 'quet-l1', 'L1', 'L1 mạnh dần từ trái sang phải: mật độ giảm được bao nhiêu, và điểm khớp phải trả giá ở đâu?'),
    'quet-tuong-quan': (result) =>
      sweepPlot(
        result,
        'decorrelation_grid',
        'quet-tuong-quan',
        'tương quan',
        'Phạt tương quan mạnh dần từ trái sang phải: các đơn vị có bớt trùng nhau không, và điểm khớp có theo không?',
      ),
    'mat-mat': (result) => ({
      kind: 'line',
      name: 'mat-mat',
      lead: 'Sai số tái tạo giảm đến đâu, và L1 có tăng rồi mới giảm như tài liệu tả không?',
      caption: made(result),
      x: { label: 'epoch', format: 'count' },
      y: { label: 'giá trị', scale: 'log' },
      series: [
        { label: 'MSE', form: 'measured', y: [...result.arrays.get('loss.mse')!.values] },
        { label: 'L1', form: 'group-a', y: [...result.arrays.get('loss.l1')!.values] },
      ],
    }),
    khop: (result, { predictions }) => ({
      kind: 'dots',
      name: 'khop',
      lead: 'Mạng đã huấn luyện có ra khỏi dải xám không? Dải xám là các mạng chưa huấn luyện, chấm cùng một quy tắc.',
      caption: made(result),
      x: { label: '|r| với nguồn', domain: [null, 1] },
      rows: [
        { label: 'sóng sin', values: [measured(result, 'best_r.sine'), chance(result, 'best_r.sine'), { form: 'document', value: 0.95 }] },
        { label: 'sóng bước', values: [measured(result, 'best_r.step'), chance(result, 'best_r.step'), { form: 'document', value: 0.95 }] },
        {
          label: 'nguồn khớp kém hơn',
          values: [
            measured(result, 'best_r.lower'),
            chance(result, 'best_r.lower'),
            { form: 'document', value: 0.95 },
            ...(typeof predictions.r === 'number' ? [{ form: 'prediction' as const, value: predictions.r }] : []),
          ],
        },
      ],
    }),
    'tin-hieu': (result) =>
      unitBesideSource(result, 0, 'tin-hieu', 'Đơn vị được ghép với sóng sin đi theo nó đến đâu, và chỗ nào còn lẫn sóng bước?'),
    'tin-hieu-buoc': (result) =>
      unitBesideSource(result, 1, 'tin-hieu-buoc', 'Đơn vị được ghép với sóng bước có giữ được cạnh dốc của bước không?'),
    'nhieu-seed': (result) => ({
      kind: 'histogram',
      name: 'nhieu-seed',
      lead: 'Điểm của nguồn khớp kém hơn, qua nhiều seed: mạng đã huấn luyện có dồn về bên phải hơn mạng chưa huấn luyện không?',
      caption: madeOfMany(result),
      x: { label: '|r| của nguồn khớp kém hơn' },
      counted: 'mạng',
      series: [
        { label: 'đã huấn luyện', form: 'measured', values: numbers(controlOf(result, 'trained', 'best_r.lower')) },
        { label: 'chưa huấn luyện', form: 'chance', values: numbers(controlOf(result, 'untrained', 'best_r.lower')) },
      ],
      levels: [{ form: 'document', label: 'mốc của tài liệu', value: 0.95 }],
    }),
    'bien-the': (result) => ({
      kind: 'dots',
      name: 'bien-the',
      lead: 'Tắt từng số hạng phạt thì các đơn vị có giống nhau hơn không, so với mạng chưa huấn luyện?',
      caption: `${madeOfMany(result)} Chấm: trung bình; đoạn thẳng: từ mạng thấp nhất đến mạng cao nhất.`,
      x: { label: '|r| trung bình giữa hai đơn vị ẩn', domain: [0, 1] },
      rows: variants.map(({ name, label }) => ({
        label,
        values: [spread(result, name, 'redundancy'), { ...spread(result, 'untrained', 'redundancy'), form: 'chance' as const }],
      })),
    }),
    'so-phuong-phap': (result) => ({
      kind: 'dots',
      name: 'so-phuong-phap',
      lead: 'Hai phương pháp có từ trước, trên cùng hai kênh: SAE có hơn PCA và FastICA không?',
      caption: `${madeOfMany(result)} Chấm: trung bình; đoạn thẳng: từ mạng thấp nhất đến mạng cao nhất.`,
      x: { label: '|r| của nguồn khớp kém hơn', domain: [null, 1] },
      rows: [
        { name: 'trained', label: 'SAE' },
        { name: 'pca', label: 'PCA' },
        { name: 'fast_ica', label: 'FastICA' },
      ].map(({ name, label }) => ({
        label,
        values: [spread(result, name, 'best_r.lower'), { ...spread(result, 'untrained', 'best_r.lower'), form: 'chance' as const }],
      })),
    }),
  },
  live: [liveLosses],
  claimPlots: { 'SAE1-08': 'kenh', 'SAE1-16': 'mat-mat', 'SAE1-17': 'mat-mat', 'SAE1-20': 'khop', 'SAE1-21': 'tin-hieu-buoc', 'SAE1-22': 'bien-the' },
})

/** Both channels, some of their samples, apart by the step's level. */
function channels(result: LessonResult): PlotSpec {
  const sources = result.arrays.get('sources')!.values
  const values = result.arrays.get('channels')!.values
  const samples = values.length / 2
  const every = Math.max(1, Math.floor(samples / 96))
  const shown = Array.from({ length: Math.floor(samples / every) }, (_, index) => index * every)
  const levels = [...new Set(shown.map((sample) => sources[2 * sample + 1]!))].sort((a, b) => a - b)
  const forms = ['group-a', 'group-b', 'soft'] as const
  return {
    kind: 'scatter',
    name: 'kenh',
    lead: 'Mỗi chấm là một mẫu. Đi dọc một đoạn thì chỉ sóng sin đổi; nhảy từ màu này sang màu kia là sóng bước.',
    caption: `${made(result)} Vẽ ${formatCount(shown.length)} mẫu cách đều.`,
    x: { label: 'kênh 1' },
    y: { label: 'kênh 2' },
    groups: levels.map((level, index) => {
      const members = shown.filter((sample) => sources[2 * sample + 1] === level)
      return {
        label: `sóng bước bằng ${formatNumber(level)}`,
        form: forms[index % forms.length]!,
        x: members.map((sample) => values[2 * sample]!),
        y: members.map((sample) => values[2 * sample + 1]!),
      }
    }),
  }
}

function liveLosses(series: LiveSeries, { parameters }: LiveContext): PlotSpec | null {
  const [mse, l1] = [series.get('loss.mse'), series.get('loss.l1')]
  if (!mse || !l1) return null
  return {
    kind: 'line',
    name: 'mat-mat-dang-chay',
    lead: 'Mạng đang xem học trước; các mạng để so học sau.',
    x: { label: 'epoch', format: 'count', domain: [0, Number(parameters.epochs)] },
    y: { label: 'giá trị', scale: 'log' },
    series: [
      { label: 'MSE', form: 'measured', x: mse.steps, y: mse.values },
      { label: 'L1', form: 'group-a', x: l1.steps, y: l1.values },
    ],
  }
}

function halfWave(): PlotSpec {
  const degrees = Array.from({ length: 145 }, (_, index) => 5 * index)
  const sine = degrees.map((angle) => Math.sin((angle * Math.PI) / 180))
  return {
    kind: 'line',
    name: 'nua-song',
    lead: 'Nửa trên của sóng sin đi qua ReLU; nửa dưới thành 0.',
    caption: 'Vẽ từ công thức, hai chu kỳ.',
    x: { label: 'θ', unit: 'độ', format: 'count' },
    y: { label: 'giá trị' },
    series: [
      { label: 'sin θ', form: 'soft', x: degrees, y: sine },
      { label: 'h = max(sin θ, 0)', form: 'group-a', x: degrees, y: sine.map((value) => Math.max(value, 0)) },
    ],
  }
}

/** |r| of max(sin θ - c, 0) with sin θ, where it is above 0 for this share of the time. */
function thresholdedR(share: number): number {
  const phi = Math.PI * share
  const c = Math.cos(phi)
  const s = Math.sin(phi)
  // With u = θ - π/2: h = cos u - c for |u| < φ, so each expectation is an integral over that arc, divided by 2π.
  const first = (s - phi * c) / Math.PI
  const withSine = (phi + s * c - 2 * c * s) / (2 * Math.PI)
  const second = (phi + s * c - 4 * c * s + 2 * c * c * phi) / (2 * Math.PI)
  return withSine / Math.sqrt(0.5 * (second - first * first))
}

function litShare(result: LessonResult): PlotSpec {
  const shares = Array.from({ length: 41 }, (_, index) => (10 + index) / 50)
  const networks = (name: string, label: string, form: 'measured' | 'chance'): LineSeries => {
    const share = numbers(controlOf(result, name, 'density.sine'))
    const r = numbers(controlOf(result, name, 'best_r.sine'))
    const order = share.map((_, index) => index).sort((a, b) => share[a]! - share[b]!)
    return { label, form, draw: 'dots', x: order.map((index) => share[index]!), y: order.map((index) => r[index]!) }
  }
  return {
    kind: 'line',
    name: 'sang-bao-lau',
    lead: 'Mỗi chấm là đơn vị ghép với sóng sin của một mạng: chấm nào cao mà lại nằm bên trái?',
    caption: `${madeOfMany(result)} Đường cong: tính từ công thức. Chấm lệch khỏi đường cong còn lẫn sóng bước.`,
    x: { label: 'phần thời gian đơn vị sáng', format: 'percent', domain: [0, 1] },
    y: { label: '|r| với sóng sin', domain: [null, 1] },
    levels: [{ form: 'document', label: 'mốc của tài liệu', value: 0.95 }],
    verticals: [{ form: 'threshold', label: 'nửa thời gian', value: 0.5 }],
    series: [
      { label: 'đơn vị chỉ thấy sóng sin', form: 'soft', x: shares, y: shares.map(thresholdedR) },
      networks('untrained', 'chưa huấn luyện', 'chance'),
      networks('trained', 'đã huấn luyện', 'measured'),
    ],
  }
}

/** null where the sweep was switched off. */
/** `source`: 0 the sine, 1 the step. */
function unitBesideSource(result: LessonResult, source: 0 | 1, name: string, lead: string): PlotSpec {
  const wave = ['sóng sin', 'sóng bước'][source]!
  const unit = numberOf(result, ['latent.sine', 'latent.step'][source]!) ?? 0
  return {
    kind: 'line',
    name,
    lead,
    caption: `${made(result)} 900 mẫu đầu, đưa về trung bình 0 và độ lệch chuẩn 1.`,
    x: { label: 'mẫu', format: 'count' },
    y: { label: 'giá trị chuẩn hóa' },
    series: [
      { label: wave, form: 'soft', y: signal(result, 'sources', source) },
      { label: `đơn vị ghép với ${wave}`, form: 'measured', y: signal(result, 'latents', unit) },
    ],
  }
}

function sweepPlot(result: LessonResult, grid: string, name: string, penalty: string, lead: string): PlotSpec | null {
  if (!result.figures[`${grid}.weight`]) return null
  const weights = numbers(seriesOf(result, `${grid}.weight`))
  const line = (label: string, form: LineSeries['form'], figure: string): LineSeries => ({
    label,
    form,
    draw: 'line-dots',
    y: numbers(seriesOf(result, `${grid}.${figure}`)),
  })
  return {
    kind: 'line',
    name,
    lead,
    caption: `${made(result)} Trung bình của ${formatCount(Number(result.parameters.n_grid_seeds))} mạng ở mỗi hệ số.`,
    x: { label: `hệ số phạt ${penalty}`, names: weights.map(formatNumber) },
    y: { label: 'phần, hoặc |r|', domain: [0, 1] },
    levels: [{ form: 'chance', label: 'mật độ khi chưa huấn luyện', value: numberOf(result, 'density.untrained') ?? NaN }],
    series: [
      line('mật độ', 'measured', 'density'),
      line('|r| sóng sin', 'group-a', 'best_r.sine'),
      line('|r| sóng bước', 'group-b', 'best_r.step'),
      line('|r| giữa hai đơn vị', 'soft', 'redundancy'),
    ],
  }
}

const variants = [
  { name: 'trained', label: 'đủ hai số hạng' },
  { name: 'no_l1', label: 'không L1' },
  { name: 'no_decorrelation', label: 'không phạt tương quan' },
  { name: 'no_penalty', label: 'không số hạng nào' },
]

/** A figure over the networks of a variant: their mean, the lowest and the highest. */
function spread(result: LessonResult, name: string, figure: string) {
  const values = numbers(controlOf(result, name, figure)).sort((a, b) => a - b)
  return { form: 'measured' as const, value: mean(values), low: values[0]!, high: values.at(-1)! }
}

/** One column of an array, at most so many samples of it that a plot can show, standardised. */
function signal(result: LessonResult, name: string, column: number): number[] {
  const { shape, values } = result.arrays.get(name)!
  const [rows = 0, columns = 1] = shape
  const shown = Math.min(rows, 900)
  const picked = Array.from({ length: shown }, (_, row) => values[row * columns + column]!)
  const centre = mean(picked)
  const deviation = Math.sqrt(mean(picked.map((value) => (value - centre) ** 2))) || 1
  return picked.map((value) => (value - centre) / deviation)
}

function measured(result: LessonResult, figure: string) {
  return { form: 'measured' as const, value: numberOf(result, figure) ?? NaN }
}

function chance(result: LessonResult, figure: string) {
  const values = numbers(controlOf(result, 'untrained', figure)).sort((a, b) => a - b)
  return { form: 'chance' as const, value: mean(values), low: values[0]!, high: values.at(-1)! }
}
