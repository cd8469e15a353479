import { type Guess, type LessonResult, arrayOf, controlOf, defineLesson, numberOf } from '../../web/lesson/define_lesson'
import { formatFigure } from '../../web/page/numbers'
import type { DotRow, DotValue, LineSeries } from '../../web/plots/plot_spec'
import { labelOf } from '../../web/plots/token_label'
import code from './code.py?raw'
import naturalText from './data/passage.txt?raw'
import { climb, expectedLargestCosine, hills } from './figures'

const deviations = 'độ lệch chuẩn của văn bản tự nhiên'

export default defineLesson({
  experiment: 'activation-maximization',
  code,
  controls: {
    dich: {
      title: 'Đích',
      note: 'Tài liệu: tầng 4, chiều 90. Sổ tay gốc: tầng 8, chiều 91.',
      controls: [
        { parameter: 'layer', label: 'Tầng', help: 'Mô hình ít khối hơn thì số mặc định được dời về cùng tỉ lệ độ sâu.' },
        {
          parameter: 'layer_counts',
          label: 'Tầng đếm theo',
          help: 'hidden_states[4] là đầu ra khối 3; khối 4 thì là hidden_states[5].',
          choices: { hidden_states: 'hidden_states', blocks: 'số thứ tự khối' },
        },
        { parameter: 'dimension', label: 'Chiều' },
        { parameter: 'readout', label: 'Đọc ở', choices: { mean: 'trung bình các vị trí', last: 'vị trí cuối' } },
        { parameter: 'n_tokens', label: 'Số vị trí', unit: 'vị trí' },
        { parameter: 'position_embeddings', label: 'Cộng vectơ vị trí', help: 'Hugging Face luôn cộng; tắt đi là theo lời tài liệu.' },
      ],
    },
    leo: {
      title: 'Phép leo',
      controls: [
        { parameter: 'learning_rate', label: 'Tốc độ học', form: 'slider', minimum: 0.0001, maximum: 0.1, logarithmic: true },
        { parameter: 'n_steps', label: 'Số bước', unit: 'bước' },
        { parameter: 'l2_weight', label: 'Hệ số phạt λ', form: 'slider', minimum: 0, maximum: 2, step: 0.01 },
        {
          parameter: 'start',
          label: 'Xuất phát từ',
          help: 'Số ngẫu nhiên có độ lệch chuẩn của wte; khớp từng tọa độ thì có cả trung bình của wte.',
          choices: {
            scaled_normal: 'số ngẫu nhiên',
            matched_normal: 'số ngẫu nhiên, khớp từng tọa độ',
            tokens: 'token thật',
          },
        },
        { parameter: 'n_restarts', label: 'Số lần chạy cùng lúc', unit: 'lần' },
      ],
    },
    'doi-chung': {
      title: 'Đối chứng',
      controls: [
        { parameter: 'n_null', label: 'Số ma trận không leo', unit: 'ma trận' },
        { parameter: 'other_reading', label: 'Leo cả theo cách hiểu kia của "tầng"' },
        { parameter: 'text', label: 'Văn bản tự nhiên để so', form: 'passage', initialText: naturalText, help: 'Tiếng Anh thì hợp với GPT-2 hơn. Ít nhất 24 token; viết "ids: 464 3290 ..." nếu bạn muốn cho thẳng số hiệu token.' },
      ],
    },
    'chieu-ben': {
      title: 'Hàng xóm',
      controls: [{ parameter: 'n_neighbours', label: 'Số chiều mỗi bên', unit: 'chiều' }],
    },
  },
  predictions: {
    'lap-lai': {
      kind: 'slider',
      question: 'Leo xong, vectơ của hai lần chạy ở cùng một vị trí có cosin bao nhiêu?',
      note: 'Lúc xuất phát cosin của chúng gần 0. Bằng 1 là mọi lần chạy tới cùng một hướng.',
      minimum: 0,
      maximum: 1,
      step: 0.01,
      quantity: 'cosin',
      format: '2',
      measured: (result) => numberOf(result, 'runs.cosine'),
    },
    cosin: {
      kind: 'slider',
      question: 'Bốc đại một vectơ, chưa leo bước nào. Cosin lớn nhất của nó với một trong 50.257 token là bao nhiêu?',
      note: 'Bằng 0 là vuông góc với mọi token, bằng 1 là trùng hướng một token.',
      minimum: 0,
      maximum: 1,
      step: 0.01,
      quantity: 'cosin',
      format: '2',
      measured: (result) => mean(numbers(controlOf(result, 'unoptimised', 'cosine.raw'))),
    },
  },
  plots: {
    leo: (result) => ({
      kind: 'line',
      name: 'leo',
      lead: 'Giá trị đích theo từng bước leo, cạnh đoạn văn cao nhất và phép dịch ngẫu nhiên cùng cỡ.',
      caption: `${made(result)} Đọc tại ${hookOf(result)}, chiều ${whole(result, 'dimension')}.`,
      x: { label: 'bước', format: 'count' },
      y: { label: 'giá trị đích' },
      series: rowsOf(result, 'trace.target').map((y, run) => ({ label: run === 0 ? 'các lần chạy' : '', form: 'measured', y })),
      levels: [
        { form: 'chance', label: 'dịch ngẫu nhiên cùng cỡ', ...spreadOf(randomMoves(result)) },
        { form: 'threshold', label: 'đoạn văn cao nhất', value: number(result, 'natural.largest') },
      ],
    }),
    thuoc: (result) => ({
      kind: 'dots',
      name: 'thuoc',
      lead: 'Theo thước của văn bản tự nhiên: phép leo đi tới đâu, và dịch ngẫu nhiên cùng cỡ đi tới đâu.',
      caption: `${made(result)} n = ${whole(result, 'natural.n_windows')} cửa sổ văn bản.`,
      x: { label: 'điểm z', unit: deviations, zero: true },
      rows: [
        { label: 'leo xong', values: [{ form: 'measured', ...zSpread(result, -1) }] },
        { label: 'lúc xuất phát', values: [{ form: 'measured', ...zSpread(result, 0) }] },
        { label: 'đoạn văn cao nhất', values: [{ form: 'soft', value: number(result, 'z.natural_largest') }] },
        { label: 'dịch ngẫu nhiên', values: [chance(result, 'random_move', 'z.end')] },
        { label: 'chưa leo', values: [chance(result, 'unoptimised', 'z.end')] },
      ],
      formLabels: { soft: 'văn bản tự nhiên' },
    }),
    'chieu-khac': (result) => {
      const change = [...arrayOf(result, 'change').values]
      const target = number(result, 'dimension')
      const neighbours = (result.labels['trace.neighbours'] ?? []).map(Number)
      const others = change.filter((_, i) => i !== target && !neighbours.includes(i))
      return {
        kind: 'dots',
        name: 'chieu-khac',
        lead: 'Hàng xóm của chiều đích đổi bao nhiêu, bên cạnh những chiều bốc ngẫu nhiên.',
        caption: `${made(result)} Khoảng xám giữ 95 % số chiều, hàng cuối 95 % số tập chiều.`,
        x: { label: 'thay đổi', unit: deviations, zero: true },
        rows: [
          ...neighbours.map((i): DotRow => ({
            label: `chiều ${i}`,
            values: [{ form: 'measured', value: change[i] ?? NaN }, { form: 'chance', ...spreadOf(others) }],
          })),
          {
            label: 'trung bình hàng xóm',
            values: [{ form: 'measured', value: number(result, 'neighbours.change') }, chance(result, 'random_dimensions', 'neighbours.change')],
          },
        ],
      }
    },
    vet: (result) => ({
      kind: 'line',
      name: 'vet',
      lead: 'Trong lúc leo, hàng xóm và những chiều bất kỳ trôi lên trôi xuống: có phân biệt được không?',
      caption: `${made(result)} Lần chạy thứ nhất; không vẽ chiều đích, vì nó đi xa hơn nhiều và sẽ ép bẹp các đường còn lại.`,
      x: { label: 'bước', format: 'count' },
      y: { label: 'điểm z', unit: deviations },
      series: [
        ...traces(result, 'trace.random').map(({ y }, i): LineSeries => ({ label: i === 0 ? 'chiều bốc ngẫu nhiên' : '', form: 'soft', y })),
        ...traces(result, 'trace.neighbours').map(({ name, y }): LineSeries => ({ label: `chiều ${name}`, form: 'group-a', y })),
      ],
    }),
    cosin: (result, { predictions }) => ({
      kind: 'histogram',
      name: 'cosin',
      lead: 'Cosin của vectơ leo xong phải đặt cạnh cosin của vectơ chưa leo thì mới đọc được.',
      caption: `${made(result)} ${arrayOf(result, 'cosine.end.raw').values.length} vectơ leo xong, ${arrayOf(result, 'cosine.null.raw').values.length} vectơ không leo.`,
      x: { label: 'cosin lớn nhất với một token' },
      bins: 30,
      series: [
        { label: 'leo xong', form: 'measured', values: arrayOf(result, 'cosine.end.raw').values },
        { label: 'chưa leo', form: 'chance', values: arrayOf(result, 'cosine.null.raw').values },
      ],
      levels: [
        { form: 'document', label: documentLabel(result), value: number(result, 'cosine.document_here') },
        ...guessed(predictions.cosin).map((value) => ({ form: 'prediction' as const, label: 'bạn đoán', value })),
      ],
      counted: 'vectơ',
    }),
    token: (result) => {
      const cosines = rowsOf(result, 'cosine.end.raw')[0] ?? []
      const tokens = result.labels['tokens.end.raw'] ?? []
      return {
        kind: 'dots',
        name: 'token',
        lead: `${cosines.length} vectơ của lần chạy thứ nhất, đọc thành token gần nhất (· là dấu cách).`,
        caption: made(result),
        x: { label: 'cosin với token', domain: [0, null] },
        rows: cosines.map((value, t) => ({
          label: `vị trí ${t}: ${readable(tokens[t] ?? '')}`,
          values: [{ form: 'measured', value }, { form: 'chance', ...spreadOf([...arrayOf(result, 'cosine.null.raw').values]) }],
        })),
      }
    },
    'hai-cach-doc': (result) => ({
      kind: 'dots',
      name: 'hai-cach-doc',
      lead: 'Mỗi cách đọc có mức ngẫu nhiên của riêng nó.',
      caption: made(result),
      x: { label: 'cosin lớn nhất, trung bình một ma trận', domain: [0, 1] },
      rows: (['raw', 'centred'] as const).map((kind) => ({
        label: kind === 'raw' ? 'cosin thô' : 'trừ trung bình của wte',
        values: [
          { form: 'measured', value: number(result, `cosine.${kind}`) },
          chance(result, 'unoptimised', `cosine.${kind}`),
          { form: 'soft', value: number(result, `tokens.cosine.${kind}`) },
        ],
      })),
      formLabels: { soft: 'hai từ thật gần nhau' },
    }),
    'lap-lai': (result, { predictions }) => {
      if (arrayOf(result, 'runs.cosine').shape[0] === 1) return null
      return {
        kind: 'dots',
        name: 'lap-lai',
        lead: 'Các lần chạy giống nhau hơn hẳn những ma trận chưa leo, hay không?',
        caption: `${made(result)} ${whole(result, 'n_restarts')} lần chạy, so từng cặp.`,
        x: { label: 'cosin, hoặc tỉ lệ', domain: [null, 1], zero: true },
        rows: [
          {
            label: 'cosin giữa các lần',
            values: [
              { form: 'measured', value: number(result, 'runs.cosine') },
              chance(result, 'unoptimised', 'runs.cosine'),
              ...guessed(predictions['lap-lai']).map((value): DotValue => ({ form: 'prediction', value })),
            ],
          },
          { label: 'cosin của hướng đi', values: [{ form: 'measured', value: number(result, 'runs.move_cosine') }] },
          {
            label: 'token lặp lại',
            values: [{ form: 'measured', value: number(result, 'runs.repeated_share') }, chance(result, 'unoptimised', 'runs.repeated_share')],
          },
        ],
      }
    },
  },
  figures: {
    'hai-dinh': () => ({
      kind: 'line',
      name: 'hai-dinh',
      lead: 'Cùng một hàm, hai điểm xuất phát, hai đỉnh.',
      caption: 'Minh họa một chiều, 60 bước leo theo gradient.',
      x: { label: 'đầu vào x' },
      y: { label: 'f(x)' },
      series: [
        { label: 'f', form: 'soft', ...hills() },
        { label: 'xuất phát bên trái', form: 'group-a', draw: 'dots', ...climb(-2.6) },
        { label: 'xuất phát bên phải', form: 'group-b', draw: 'dots', ...climb(-0.3) },
      ],
    }),
    'tran-ngau-nhien': () => {
      const widths = Array.from({ length: 55 }, (_, i) => 64 + 32 * i)
      return {
        kind: 'line',
        name: 'tran-ngau-nhien',
        lead: 'Càng ít chiều, một vectơ bốc đại càng dễ "giống" một token; 0,17 của tài liệu nằm sát đường ngẫu nhiên.',
        caption: 'Công thức, không phải đo: cosin lớn nhất của một hướng ngẫu nhiên với 50.257 hướng tỏa đều.',
        x: { label: 'số chiều d', format: 'count' },
        y: { label: 'cosin lớn nhất', zero: true },
        series: [
          { label: 'kỳ vọng chính xác', form: 'chance', x: widths, y: widths.map((d) => expectedLargestCosine(50257, d)) },
          { label: 'ước lượng √(2 ln N / d)', form: 'soft', x: widths, y: widths.map((d) => Math.sqrt((2 * Math.log(50257)) / d)) },
          { label: 'tài liệu', form: 'document', x: [768], y: [0.17] },
        ],
      }
    },
  },
  live: [
    (series, { parameters }) => ({
      kind: 'line',
      name: 'dang-leo',
      lead: 'Giá trị đích của từng lần chạy.',
      x: { label: 'bước', format: 'count', domain: [0, Number(parameters.n_steps)] },
      y: { label: 'giá trị đích' },
      series: [...series].map(([, { steps, values }], run) => ({ label: run === 0 ? 'các lần chạy' : '', form: 'measured', x: steps, y: values })),
    }),
  ],
  claimPlots: {
    'ACT-09': 'thuoc',
    'ACT-10': 'chieu-khac',
    'ACT-11': 'chieu-khac',
    'ACT-13': 'token',
    'ACT-14': 'cosin',
    'ACT-15': 'cosin',
    'ACT-16': 'thuoc',
    'ACT-17': 'leo',
    'ACT-18': 'lap-lai',
  },
})

function number(result: LessonResult, figure: string) {
  return numberOf(result, figure) ?? NaN
}

function whole(result: LessonResult, figure: string) {
  return formatFigure(number(result, figure), '0')
}

function made({ model, seed }: LessonResult) {
  return `Mô hình ${model}, seed ${seed}.`
}

function hookOf(result: LessonResult) {
  return result.labels.hook?.[0] ?? ''
}

function numbers(values: (number | null)[]) {
  return values.map((value) => value ?? NaN)
}

function mean(values: readonly number[]) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Mean, and the 2.5 % and 97.5 % quantiles. */
function spreadOf(values: readonly number[]) {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? NaN
  return { value: mean(sorted), low: at(0.025), high: at(0.975) }
}

function chance(result: LessonResult, name: string, figure: string): DotValue {
  return { form: 'chance', ...spreadOf(numbers(controlOf(result, name, figure))) }
}

/** In the target's own unit. */
function randomMoves(result: LessonResult) {
  const [centre, deviation] = [number(result, 'natural.mean'), number(result, 'natural.sd')]
  return numbers(controlOf(result, 'random_move', 'z.end')).map((z) => centre + deviation * z)
}

function rowsOf(result: LessonResult, name: string): number[][] {
  const { shape, values } = arrayOf(result, name)
  const [nRows = 0, length = 0] = shape
  return Array.from({ length: nRows }, (_, row) => [...values.subarray(row * length, (row + 1) * length)])
}

function traces(result: LessonResult, name: string) {
  return rowsOf(result, name).map((y, i) => ({ name: result.labels[name]?.[i] ?? '', y }))
}

/** Mean, lowest and highest over the runs, of the target at a step. */
function zSpread(result: LessonResult, step: number) {
  const [centre, deviation] = [number(result, 'natural.mean'), number(result, 'natural.sd')]
  const values = rowsOf(result, 'trace.target').map((trace) => ((trace.at(step) ?? NaN) - centre) / deviation)
  return { value: mean(values), low: Math.min(...values), high: Math.max(...values) }
}

/** With its spaces to be seen. */
function readable(token: string) {
  return labelOf(new TextEncoder().encode(token)).text
}

function documentLabel(result: LessonResult) {
  return number(result, 'width') === 768 ? 'tài liệu' : `tài liệu, quy về ${whole(result, 'width')} chiều`
}

function guessed(guess: Guess | null | undefined) {
  return typeof guess === 'number' ? [guess] : []
}
