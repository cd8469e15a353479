import { type LessonResult, type PlotContext, arrayOf, controlOf, defineLesson, numberOf, seriesOf } from '../../web/lesson/define_lesson'
import { formatFigure } from '../../web/page/numbers'
import { pythonLiteral } from '../../web/lesson/python_code'
import type { LineSeries, PlotSpec } from '../../web/plots/plot_spec'
import code from './code.py?raw'
import referenceFile from './data/reference.txt?raw'
import sentenceFile from './data/sentence.txt?raw'

const sentence = sentenceFile.trimEnd()
const reference = referenceFile.trimEnd()

export default defineLesson({
  experiment: 'subspace-removal',
  code: code.replace('{{lesson_sentence}}', () => pythonLiteral(sentence)).replace('{{lesson_reference}}', () => pythonLiteral(reference)),
  controls: {
    'can-thiep': {
      title: 'Bỏ gì, bỏ thế nào',
      controls: [
        { parameter: 'look_layer', label: 'Khối để nhìn nơ-ron', choices: { '-1': 'sâu như khối 9 của 48' }, help: 'Đếm từ 0.' },
        { parameter: 'hook', label: 'Chỗ sửa', choices: { before_gelu: 'trước GELU (đầu ra c_fc)', after_gelu: 'sau GELU' } },
        { parameter: 'component', label: 'Bỏ từ thành phần thứ', help: '1 là thành phần có phương sai lớn nhất.' },
        { parameter: 'rank', label: 'Số thành phần bị bỏ' },
        { parameter: 'centring', label: 'Trước khi phân rã', choices: { mean: 'trừ trung bình', none: 'không trừ' } },
        {
          parameter: 'restore',
          label: 'Sau khi bỏ, cộng lại',
          choices: { mean_vector: 'vectơ trung bình μ', token_mean: 'trung bình của từng token', nothing: 'không cộng gì' },
        },
        { parameter: 'fit', label: 'μ và hướng lấy từ', choices: { reference: 'văn bản khác', sentence: 'chính đoạn văn' } },
        { parameter: 'first_position', label: 'Kể cả vị trí 0', help: 'Khớp, sửa và tính cả token đầu.' },
        { parameter: 'covariance_of', label: 'Hiệp phương sai của', choices: { neurons: 'các nơ-ron', tokens: 'các token (sổ tay gốc)' } },
      ],
    },
    'do-sau': {
      title: 'Khối bị sửa',
      controls: [{ parameter: 'layer', label: 'Khối, đếm từ 0', choices: { '-1': 'giữa mô hình' } }],
    },
    'van-ban': {
      title: 'Văn bản',
      note: 'Tiếng Anh thì hợp với GPT-2 hơn. Viết "ids: 464 3290 ..." nếu bạn muốn cho thẳng số hiệu token.',
      controls: [
        { parameter: 'text', label: 'Đoạn văn bị sửa', form: 'passage', initialText: sentence },
        { parameter: 'reference', label: 'Văn bản để lấy μ và hướng', form: 'passage', initialText: reference },
      ],
    },
    'kiem-dinh': {
      title: 'Đo và đối chứng',
      controls: [
        { parameter: 'readout', label: 'Số đọc của token đúng', choices: { log_probability: 'log xác suất', logit: 'logit' } },
        { parameter: 'spurious_zero', label: 'Tính cả số 0 thừa', help: 'Sổ tay gốc để sót một số 0 cho token đầu.' },
        { parameter: 'other_component', label: 'Thành phần đối chứng' },
        { parameter: 'n_random', label: 'Số hướng ngẫu nhiên mỗi khối', help: 'Càng nhiều thì dải ngẫu nhiên càng chắc, và chạy càng lâu.' },
        { parameter: 'n_permutations', label: 'Số lần xếp lại các khối' },
        { parameter: 'sweep', label: 'Sửa lần lượt mọi khối', help: 'Tắt đi thì chỉ sửa khối đã chọn, chạy nhanh hơn nhiều.' },
      ],
    },
  },
  predictions: {
    'do-lech': {
      kind: 'curve',
      question: 'Sửa một khối ở giữa. Độ lệch so với độ lớn của luồng dư sẽ đi thế nào tới khối cuối? Vẽ một nét.',
      note: 'Ngay sau khối bị sửa, độ lệch tính là 1.',
      x: { label: 'từ khối bị sửa (0) tới khối cuối (1)', minimum: 0, maximum: 1 },
      y: { label: 'độ lệch tương đối, bằng mấy lần lúc đầu', minimum: 0, maximum: 4 },
      measured: (result) => {
        const { relative, first, last } = deviationAfterEdit(result)
        return relative.slice(first, last + 1).map((value, step): [number, number] => [last > first ? step / (last - first) : 0, value / relative[first]!])
      },
    },
    'so-khoi': {
      kind: 'slider',
      question: 'Sửa lần lượt từng khối: ở bao nhiêu phần trăm số khối, token đúng bị thiệt rõ (p < 0,05)?',
      note: 'Bài gốc nói: phần lớn các khối.',
      minimum: 0,
      maximum: 1,
      step: 0.05,
      quantity: 'số khối',
      format: 'percent',
      measured: (result) => numberOf(result, 'lowered'),
    },
  },
  figures: { 'bo-huong': removalDrawing },
  plots: {
    pho: (result) => ({
      kind: 'spectrum',
      name: 'pho',
      lead: 'Thành phần nào đứng cao hơn mức của những nơ-ron xáo độc lập thì mới là tương quan thật.',
      caption: `${madeBy(result)} Khối ${text(result, 'look_layer')}, đã trừ trung bình. Mức ngẫu nhiên: giá trị của mỗi nơ-ron xáo theo một thứ tự riêng.`,
      x: { label: 'thành phần', format: 'count' },
      y: { label: 'phần phương sai', format: 'percent' },
      values: numbers(result, 'spectrum'),
      chance: { label: 'nơ-ron xáo độc lập', values: numbers(result, 'spectrum.independent') },
    }),
    'doi-bao-nhieu': changes,
    'tung-noron': (result) => ({
      kind: 'scatter',
      name: 'tung-noron',
      lead: 'Mỗi chấm một nơ-ron: lượng đổi đo được nằm trên đường chéo khi đại số nói đúng.',
      caption: `${madeBy(result)} Khối ${text(result, 'look_layer')}, ${formatFigure(numberOf(result, 'n_neurons'), '0')} nơ-ron, trung bình trên các token.`,
      x: { label: 'lượng đổi mà đại số báo trước', domain: [0, null] },
      y: { label: 'lượng đổi đo được', domain: [0, null] },
      diagonal: true,
      groups: [{ label: 'nơ-ron', form: 'measured', x: arrayOf(result, 'neuron_change.predicted').values, y: arrayOf(result, 'neuron_change.measured').values }],
    }),
    'ma-tran': covariances,
    'do-lech': deviation,
    'do-lech-tuyet-doi': absoluteDeviation,
    'moi-khoi': everyBlock,
    giam: drops,
    'kiem-dinh': tests,
    'ti-le-khoi': shares,
    'tuong-quan': (result) => ({
      kind: 'scatter',
      name: 'tuong-quan',
      lead: 'Mỗi chấm một khối: hướng giữ nhiều phương sai hơn có gây thiệt nhiều hơn không?',
      caption: `${madeBy(result)} r = ${formatFigure(numberOf(result, 'share_effect_r'), '2')}; xếp lại các khối ngẫu nhiên, |r| ít nhất lớn bằng thế ở ${formatFigure(numberOf(result, 'p.share_effect_r'), 'percent')} số lần.`,
      x: { label: 'phần phương sai bị bỏ', format: 'percent', zero: true },
      y: { label: 'T của mức giảm' },
      groups: [{ label: 'khối', form: 'measured', x: numbers(result, 'layers.share'), y: numbers(result, 'layers.t'), names: blockNames(result) }],
    }),
    'bon-cach': (result) => ({
      kind: 'dots',
      name: 'bon-cach',
      lead: 'Cùng một bảng số, bốn cách hiểu "PC1 giữ bao nhiêu phần trăm".',
      caption: `${madeBy(result)} Giá trị lớn nhất trong một phần ba khối đầu. 37 % là số của GPT-2 XL.`,
      x: { label: 'phần của thành phần đầu', format: 'percent', domain: [0, 1] },
      rows: (
        [
          ['σ², đã trừ trung bình', 'early_share.squared_centred'],
          ['σ, đã trừ trung bình', 'early_share.unsquared_centred'],
          ['σ², chưa trừ', 'early_share.squared_raw'],
          ['σ, chưa trừ', 'early_share.unsquared_raw'],
        ] as const
      ).map(([label, figure]) => ({
        label,
        values: [
          { form: 'measured', value: number(result, figure) },
          { form: 'document', value: 0.37 },
        ],
      })),
    }),
  },
  live: [
    (series) => {
      const effect = series.get('layers.effect')
      if (!effect) return null
      return {
        kind: 'line',
        name: 'giam-dang-chay',
        lead: 'Mức giảm của token đúng, từng khối một.',
        x: { label: 'khối bị sửa', format: 'count' },
        y: { label: 'mức giảm trung bình', zero: true },
        series: [{ label: 'bỏ thành phần đã chọn', form: 'measured', draw: 'line-dots', x: effect.steps, y: effect.values }],
      }
    },
  ],
  claimPlots: {
    'SUB-08': 'doi-bao-nhieu',
    'SUB-09': 'ma-tran',
    'SUB-10': 'pho',
    'SUB-11': 'do-lech-tuyet-doi',
    'SUB-12': 'do-lech',
    'SUB-13': 'ti-le-khoi',
    'SUB-14': 'tuong-quan',
    'SUB-15': 'bon-cach',
    'SUB-16': 'giam',
    'SUB-18': 'do-lech',
    'SUB-19': 'giam',
  },
})

function number(result: LessonResult, figure: string): number {
  return numberOf(result, figure) ?? NaN
}

function numbers(result: LessonResult, figure: string): number[] {
  return seriesOf(result, figure).map((value) => value ?? NaN)
}

function text(result: LessonResult, figure: string): string {
  return String(numberOf(result, figure))
}

function madeBy(result: LessonResult): string {
  return `${result.model}, seed ${result.seed}, ${text(result, 'n_tokens')} token.`
}

function blockNames(result: LessonResult): string[] {
  return numbers(result, 'layers').map((layer) => `khối ${layer}`)
}

/** Mean and ends of a control's values, as what chance gives. */
function chance(result: LessonResult, name: string, figure: string) {
  const values = controlOf(result, name, figure).map((value) => value ?? NaN)
  return {
    form: 'chance' as const,
    value: values.reduce((sum, value) => sum + value, 0) / values.length,
    low: Math.min(...values),
    high: Math.max(...values),
  }
}

/** Smallest and largest of each column of an array [repetitions, n]. */
function band(result: LessonResult, name: string): { low: number[]; high: number[] } {
  const { shape, values } = arrayOf(result, name)
  const n = shape[1]!
  const columns = Array.from({ length: n }, (_, column) => Array.from(values.filter((_value, index) => index % n === column)))
  return { low: columns.map((column) => Math.min(...column)), high: columns.map((column) => Math.max(...column)) }
}

/** A cloud of tokens on two neurons, before and after its direction of largest variance is taken out. */
function removalDrawing(): PlotSpec {
  const [meanX, meanY] = [3, 2]
  const [vx, vy] = [Math.cos(0.5), Math.sin(0.5)]
  const x: number[] = []
  const y: number[] = []
  const afterX: number[] = []
  const afterY: number[] = []
  for (let i = 0; i < 40; ++i) {
    // Steps of an irrational turn: even, and the same everywhere.
    const along = 2.2 * (((i * 0.618034) % 1) * 2 - 1)
    const across = 0.7 * (((i * 0.414214) % 1) * 2 - 1)
    x.push(meanX + along * vx - across * vy)
    y.push(meanY + along * vy + across * vx)
    afterX.push(meanX - across * vy)
    afterY.push(meanY + across * vx)
  }
  return {
    kind: 'scatter',
    name: 'bo-huong',
    lead: 'Hai nơ-ron, mỗi chấm một token: bỏ hướng dài nhất thì đám chấm xẹp xuống một đường qua trung bình, còn trung bình đứng yên.',
    caption: 'Hình vẽ minh họa, không phải số đo.',
    x: { label: 'nơ-ron 1', domain: [-0.5, 6.5] },
    y: { label: 'nơ-ron 2', domain: [0, 4] },
    groups: [
      { label: 'trước', form: 'group-a', x, y },
      { label: 'sau', form: 'group-b', x: afterX, y: afterY },
      { label: 'trung bình', form: 'soft', x: [meanX], y: [meanY] },
    ],
  }
}

/** What the removal changes in one block, beside what algebra says and what a push of the same size does. */
function changes(result: LessonResult): PlotSpec {
  const ofTokens = result.parameters.covariance_of === 'tokens'
  return {
    kind: 'dots',
    name: 'doi-bao-nhieu',
    lead: 'Phần bị đổi khi bỏ hướng, số mà đại số báo trước, và phần bị đổi khi đẩy ngẫu nhiên xa bằng thế.',
    caption: `${madeBy(result)} Khối ${text(result, 'look_layer')}. Giá trị: so với độ lớn trung bình. Hiệp phương sai: theo chuẩn Frobenius.`,
    x: { label: 'phần bị đổi', format: 'percent', zero: true },
    formLabels: { chance: 'đẩy ngẫu nhiên xa bằng thế', 'group-a': 'đại số báo trước' },
    rows: [
      {
        label: 'giá trị từng nơ-ron',
        values: [chance(result, 'matched_norm', 'neuron_change.relative'), { form: 'measured', value: number(result, 'neuron_change.relative') }],
      },
      {
        label: ofTokens ? 'hiệp phương sai của token' : 'hiệp phương sai của nơ-ron',
        values: [
          chance(result, 'matched_norm', 'covariance.change'),
          ...(ofTokens ? [] : [{ form: 'group-a' as const, value: number(result, 'covariance.predicted') }]),
          { form: 'measured', value: number(result, 'covariance.change') },
        ],
      },
    ],
  }
}

/** Of 28 neurons, in the order of their weight in the direction, so that the pattern that is taken out can be seen. */
function covariances(result: LessonResult): PlotSpec {
  const all = result.labels['covariance.neurons'] ?? []
  const shown = Math.min(28, all.length)
  const kept = Array.from({ length: shown }, (_, i) => Math.round((i * (all.length - 1)) / Math.max(1, shown - 1)))
  const names = kept.map((neuron) => all[neuron]!)
  const matrix = (name: string) => {
    const { values } = arrayOf(result, name)
    return Float32Array.from(kept.flatMap((row) => kept.map((column) => values[row * all.length + column]!)))
  }
  const axis = { label: 'nơ-ron', count: names.length, names }
  const before = matrix('covariance.before')
  // A few neurons vary far more than the others: they take the strongest colour, and leave the rest to be seen.
  const range = Array.from(before, Math.abs).sort((a, b) => a - b)[Math.floor(0.98 * before.length)]!
  return {
    kind: 'matrices',
    name: 'ma-tran',
    lead: 'Hiệp phương sai trước và sau: phần mất đi là một tích của trọng số hàng với trọng số cột, đậm nhất ở nơi cả hai đều lớn.',
    caption: `${madeBy(result)} Khối ${text(result, 'look_layer')}, ${names.length} nơ-ron lấy cách đều, xếp theo trọng số trong hướng bị bỏ.`,
    rows: axis,
    columns: axis,
    panels: [
      { label: 'trước', values: before },
      { label: 'sau', values: matrix('covariance.after') },
    ],
    difference: 'sau trừ trước',
    value: { label: 'hiệp phương sai' },
    map: 'diverging',
    range,
  }
}

/** The relative deviation of every edited block at every depth. */
function everyBlock(result: LessonResult): PlotSpec {
  const { shape, values } = arrayOf(result, 'sweep.relative')
  const nPoints = shape[1]!
  const layers = numbers(result, 'layers')
  const names = [...depthAxis(result).names]
  return {
    kind: 'heat-map',
    name: 'moi-khoi',
    lead: 'Mỗi hàng là một lần sửa: ô trống trước khối bị sửa, rồi độ lệch đi tới cuối.',
    caption: `${madeBy(result)} Độ lệch so với luồng dư lúc nguyên vẹn.`,
    rows: { label: 'khối bị sửa', count: layers.length, names: layers.map(String) },
    columns: { label: 'sau khối', count: nPoints - 1, names },
    values: Float32Array.from(values.filter((_value, index) => index % nPoints > 0)),
    value: { label: 'độ lệch tương đối', format: 'percent' },
    map: 'sequential',
  }
}

/** The relative deviation after each block; the edited block and the last one. */
function deviationAfterEdit(result: LessonResult): { relative: number[]; first: number; last: number } {
  const relative = numbers(result, 'deviation.relative').slice(1, -1)
  return { relative, first: number(result, 'layer'), last: relative.length - 1 }
}

/** Of the curves by depth: after each block, and the end after ln_final, which stands apart. Nothing is edited before block 0. */
function depthAxis(result: LessonResult) {
  const n = number(result, 'n_layers')
  return { label: 'sau khối', format: 'count' as const, names: [...Array.from({ length: n }, (_, layer) => String(layer)), 'ln_f'] }
}

function depthCurves(result: LessonResult, quantity: 'relative' | 'absolute', shown: (value: number) => number): LineSeries[] {
  const curve = (name: string) => numbers(result, `deviation.${quantity}${name}`).slice(1).map(shown)
  const measured = curve('')
  const ends = band(result, `deviation.${quantity}.matched_norm`)
  const last = measured.length - 1
  const blocks = (values: number[]) => values.slice(0, last)
  const bandOf = (values: number[]) => blocks(values.slice(1).map(shown))
  return [
    { label: 'đẩy ngẫu nhiên xa bằng thế', form: 'chance', y: blocks(curve('.matched_norm')), low: bandOf(ends.low), high: bandOf(ends.high) },
    { label: 'bỏ một hướng ngẫu nhiên', form: 'soft', y: blocks(curve('.random')) },
    { label: 'bỏ thành phần đã chọn', form: 'measured', draw: 'line-dots', y: blocks(measured) },
    { label: 'sau ln_f', form: 'measured', draw: 'dots', x: [last], y: [measured[last]!] },
  ]
}

function deviation(result: LessonResult, { predictions }: PlotContext): PlotSpec {
  const { relative, first, last } = deviationAfterEdit(result)
  const guess = predictions['do-lech']
  const guessed: LineSeries[] = Array.isArray(guess)
    ? [{ label: 'bạn vẽ', form: 'prediction', x: guess.map(([x]) => first + x * (last - first)), y: guess.map(([, y]) => y * relative[first]!) }]
    : []
  return {
    kind: 'line',
    name: 'do-lech',
    lead: 'Độ lệch chia cho độ lớn của luồng dư. Chỗ đường đo được rời dải ngẫu nhiên là chỗ hướng bị bỏ có vai trò riêng.',
    caption: `${madeBy(result)} Sửa khối ${text(result, 'layer')}. Độ lệch: chuẩn Frobenius trên các token được tính, chia cho chuẩn của luồng dư lúc nguyên vẹn.`,
    x: depthAxis(result),
    y: { label: 'độ lệch tương đối', format: 'percent', zero: true },
    verticals: [{ form: 'threshold', label: 'khối bị sửa', value: first }],
    series: [...depthCurves(result, 'relative', (value) => value), ...guessed],
  }
}

/** On a logarithmic axis, beside the norm of the stream itself: what grows alike runs parallel. */
function absoluteDeviation(result: LessonResult): PlotSpec {
  const norms = numbers(result, 'clean.norm')
  const n = number(result, 'n_tokens') - (result.parameters.first_position === true ? 0 : 1)
  const positive = (value: number) => (value > 0 ? value : NaN)
  return {
    kind: 'line',
    name: 'do-lech-tuyet-doi',
    lead: 'Trên trục log, hai đường song song là hai thứ lớn lên cùng nhịp: hãy so độ lệch với chính luồng dư.',
    caption: `${madeBy(result)} Sửa khối ${text(result, 'layer')}; trước đó độ lệch bằng 0, không vẽ được trên trục log. Luồng dư: trung bình độ dài của các token, nhân căn số token.`,
    x: depthAxis(result),
    y: { label: 'chuẩn', scale: 'log' },
    verticals: [{ form: 'threshold', label: 'khối bị sửa', value: number(result, 'layer') }],
    series: [...depthCurves(result, 'absolute', positive), { label: 'luồng dư', form: 'group-b', y: norms.slice(1, -1).map((value) => value * Math.sqrt(n)) }],
  }
}

/** A figure of every edited block beside its controls. */
function byBlock(result: LessonResult, figure: string): { x: number[]; series: LineSeries[] } {
  const x = numbers(result, 'layers')
  return {
    x,
    series: [
      { label: 'đẩy ngẫu nhiên xa bằng thế', form: 'chance', x, y: numbers(result, `${figure}.matched_norm`), ...band(result, `${figure}.matched_norm`) },
      { label: 'bỏ một hướng ngẫu nhiên', form: 'soft', x, y: numbers(result, `${figure}.random`), draw: 'line-dots' },
      { label: 'bỏ thành phần đối chứng', form: 'group-b', x, y: numbers(result, `${figure}.other_component`), draw: 'line-dots' },
      { label: 'bỏ thành phần đã chọn', form: 'measured', x, y: numbers(result, figure), draw: 'line-dots' },
    ],
  }
}

function drops(result: LessonResult): PlotSpec {
  const isLogit = result.parameters.readout === 'logit'
  return {
    kind: 'line',
    name: 'giam',
    lead: 'Mức giảm trung bình của token đúng khi sửa từng khối. Trên 0 là bị thiệt.',
    caption: `${madeBy(result)} Dải xám: nhỏ nhất tới lớn nhất của ${String(result.parameters.n_random)} hướng ngẫu nhiên.`,
    x: { label: 'khối bị sửa', format: 'count' },
    y: { label: isLogit ? 'logit giảm' : 'log xác suất giảm', ...(isLogit ? {} : { unit: 'nat' }), zero: true },
    series: byBlock(result, 'layers.effect').series,
  }
}

/** Of the blocks, how many: what the reader has guessed. */
function shares(result: LessonResult, { predictions }: PlotContext): PlotSpec {
  const guess = predictions['so-khoi']
  return {
    kind: 'dots',
    name: 'ti-le-khoi',
    lead: 'Bao nhiêu phần số khối vượt ngưỡng, cạnh số khối vượt ngưỡng khi đẩy ngẫu nhiên xa bằng thế.',
    caption: `${madeBy(result)} ${text(result, 'n_layers')} khối, sửa lần lượt. Dải xám: nhỏ nhất tới lớn nhất của ${String(result.parameters.n_random)} lần đẩy ngẫu nhiên.`,
    x: { label: 'phần số khối', format: 'percent', domain: [0, 1] },
    formLabels: { chance: 'đẩy ngẫu nhiên xa bằng thế' },
    rows: [
      {
        label: 'thiệt rõ (p < 0,05)',
        values: [
          chance(result, 'matched_norm', 'lowered'),
          { form: 'measured', value: number(result, 'lowered') },
          ...(typeof guess === 'number' ? [{ form: 'prediction' as const, value: guess }] : []),
        ],
      },
      {
        label: 'thiệt rõ, sau Bonferroni',
        values: [chance(result, 'matched_norm', 'lowered.bonferroni'), { form: 'measured', value: number(result, 'lowered.bonferroni') }],
      },
      {
        label: 'được lợi rõ (p < 0,05)',
        values: [chance(result, 'matched_norm', 'raised'), { form: 'measured', value: number(result, 'raised') }],
      },
    ],
  }
}

function tests(result: LessonResult): PlotSpec {
  const plain = number(result, 't.critical')
  const corrected = number(result, 't.critical.bonferroni')
  return {
    kind: 'line',
    name: 'kiem-dinh',
    lead: 'Khối nào vượt ngưỡng trên thì token đúng bị thiệt rõ, dưới ngưỡng dưới thì được lợi rõ; ngưỡng xa hơn là sau hiệu chỉnh Bonferroni.',
    caption: `${madeBy(result)} Kiểm định t một mẫu trên ${text(result, 'n_tested')} số, hai phía, p < 0,05.`,
    x: { label: 'khối bị sửa', format: 'count' },
    y: { label: 'T', zero: true },
    levels: [
      { form: 'threshold', label: 'Bonferroni, T =', value: corrected },
      { form: 'threshold', label: 'p = 0,05, T =', value: plain },
      { form: 'threshold', label: 'p = 0,05, T =', value: -plain },
      { form: 'threshold', label: 'Bonferroni, T =', value: -corrected },
    ],
    series: byBlock(result, 'layers.t').series,
  }
}
