import { type LessonResult, arrayOf, controlOf, defineLesson, numberOf, seriesOf } from '../../web/lesson/define_lesson'
import type { DotRow, DotValue } from '../../web/plots/plot_spec'
import code from './code.py?raw'
import contrast from './data/contrast.txt?raw'
import heShe from './data/he_she.txt?raw'
import himHer from './data/him_her.txt?raw'
import names from './data/names.txt?raw'

const filters = {
  a_over_b: 'GED, him trên her',
  b_over_a: 'GED, her trên him',
  lda: 'LDA',
  mean_difference: 'hiệu hai trung bình',
  first_component: 'thành phần chính đầu',
}
const geds = ['a_over_b', 'b_over_a'] as const

const fewestPairs = 'Cần ít nhất 8 cặp có phần đầu khác nhau.'

export default defineLesson({
  experiment: 'ged-him-her',
  code: code.replace('DEFAULT_PAIRS', himHer.trim()),
  controls: {
    'du-lieu': {
      title: 'Câu và chỗ đọc',
      controls: [
        { parameter: 'layer', label: 'Khối', choices: { '-1': 'giữa mô hình' }, help: 'Đếm từ 0.' },
        { parameter: 'hook', label: 'Đọc nơ-ron', choices: { before_gelu: 'trước GELU', after_gelu: 'sau GELU' } },
        { parameter: 'n_pairs', label: 'Số cặp đầu được dùng', choices: { '0': 'tất cả' } },
        { parameter: 'pairs', label: 'Các cặp câu', form: 'pairs', initialText: himHer, help: `Mỗi dòng một câu, chỗ thay đổi viết [him|her]. ${fewestPairs}` },
      ],
    },
    'phuong-phap': {
      title: 'PCA và co rút',
      controls: [
        { parameter: 'variance_share', label: 'Phần phương sai giữ lại', form: 'slider', step: 0.005 },
        { parameter: 'component_count', label: 'Số thành phần', choices: { enough: 'đủ phần ấy', one_fewer: 'ít hơn một, như sổ tay gốc' } },
        { parameter: 'gamma', label: 'Co rút γ', form: 'slider', maximum: 0.5, step: 0.005 },
        { parameter: 'shrink', label: 'Co rút ma trận', choices: { reference: 'chỉ R', both: 'cả S và R' } },
        { parameter: 'centring', label: 'Trừ trung bình', choices: { class: 'từng lớp', grand: 'chung', none: 'không trừ' } },
        {
          parameter: 'pattern',
          label: 'Mẫu hình tính từ',
          choices: { raw: 'S', shrunk: 'S đã co rút' },
          help: 'Mẫu hình cho biết nơ-ron nào đổi dọc theo hướng.',
        },
      ],
    },
    cau: {
      title: 'Câu đem chiếu',
      controls: [
        { parameter: 'contrast_source', label: 'Câu', choices: { lesson: 'câu không dùng để khớp', first_pair: 'cặp đầu tiên, như sổ tay gốc' } },
        { parameter: 'contrast', label: 'Câu của bạn', form: 'line', initialText: contrast.trim(), help: 'Một câu, chỗ thay đổi viết [him|her].' },
        { parameter: 'projection', label: 'Gốc của hình chiếu', choices: { centred: 'giữa hai trung bình', raw: 'số 0' } },
        { parameter: 'first_position', label: 'Kể cả token đầu' },
      ],
    },
    'doi-chung': {
      title: 'Đối chứng',
      controls: [
        { parameter: 'null', label: 'Tráo nhãn', choices: { within_pairs: 'trong từng cặp', all_labels: 'trên mọi câu, như sổ tay gốc' } },
        { parameter: 'n_permutations', label: 'Số lần tráo' },
        { parameter: 'n_layer_permutations', label: 'Số lần tráo ở mỗi khối' },
        { parameter: 'n_folds', label: 'Số phần để riêng lần lượt' },
        { parameter: 'sweep', label: 'Đo mọi khối' },
        { parameter: 'he_she', label: 'Cặp he/she', form: 'pairs', initialText: heShe, help: `Từ mà hướng ấy chưa gặp. ${fewestPairs}` },
        { parameter: 'names', label: 'Cặp tên', form: 'pairs', initialText: names, help: `Tên nào cũng được, miễn là bên trái cùng một nhóm. ${fewestPairs}` },
      ],
    },
  },
  predictions: {
    'trao-nhan': {
      kind: 'choice',
      question: 'Tráo nhãn rồi, tỉ số trên chính các câu dùng để khớp sẽ ra sao?',
      options: [
        { value: 'gan-1', label: 'về gần 1' },
        { value: 'nho-hon', label: 'lớn hơn 1, nhưng hiếm khi tới nhãn thật (nhiều nhất 5 % số lần tráo)' },
        { value: 'ngang', label: 'nhiều khi bằng hoặc hơn nhãn thật' },
      ],
      measured: (result) => {
        if (chance(result, 'label_shuffle', 'train_ratio.a_over_b').value < 1.2) return 'gan-1'
        return (numberOf(result, 'p.train_ratio.a_over_b') ?? NaN) <= 0.05 ? 'nho-hon' : 'ngang'
      },
    },
  },
  plots: {
    'thanh-phan': (result) => {
      const variances = numbers(seriesOf(result, 'pooled_variances'))
      const total = variances.reduce((sum, value) => sum + value, 0)
      return {
        kind: 'spectrum',
        name: 'thanh-phan',
        lead: 'Cần bao nhiêu thành phần chính để giữ phần phương sai đã chọn, chung cho hai lớp.',
        caption: made(result),
        x: { label: 'thành phần chính', format: 'count' },
        y: { label: 'tỉ lệ phương sai', format: 'percent' },
        values: variances.map((value) => value / total),
        cumulative: true,
        threshold: { label: 'phần giữ lại', value: Number(result.parameters.variance_share) },
      }
    },
    'ti-so': (result) => ({
      kind: 'dots',
      name: 'ti-so',
      lead: 'Tỉ số phương sai giữa hai lớp: trong mẫu và trên câu để riêng, mỗi số cạnh dải của nhãn tráo.',
      caption: `${made(result)} Dải xám: 95 % giữa của các lần tráo nhãn.`,
      x: { label: 'tỉ số phương sai', scale: 'log' },
      rows: geds.flatMap((filter): DotRow[] => [
        { label: `trong mẫu, ${pairOf(filter)}`, values: besideChance(result, `train_ratio.${filter}`) },
        { label: `để riêng, ${pairOf(filter)}`, values: besideChance(result, `held_out_ratio.${filter}`) },
      ]),
      formLabels: { chance: 'nhãn tráo' },
    }),
    cau: (result) => {
      const tokens = (result.labels['contrast.a'] ?? []).map((token) => token.trim())
      const others = (result.labels['contrast.b'] ?? []).map((token) => token.trim())
      const slot = tokens.findIndex((token, i) => token !== others[i])
      const shown = (name: string) => {
        const values = [...arrayOf(result, name).values]
        return result.parameters.first_position === true ? values : values.map((value, position) => (position === 0 ? NaN : value))
      }
      return {
        kind: 'line',
        name: 'cau',
        lead: 'Hình chiếu của từng token lên hướng him: hai bản trùng nhau cho tới đại từ.',
        caption: made(result),
        x: { label: 'token', format: 'count', names: tokens.map((token, i) => (token === others[i] ? token : `${token}/${others[i] ?? ''}`)) },
        y: { label: 'hình chiếu' },
        series: [
          { label: `bản ${tokens[slot] ?? 'him'}`, form: 'group-a', y: shown('contrast.a.a_over_b'), draw: 'line-dots' },
          { label: `bản ${others[slot] ?? 'her'}`, form: 'group-b', y: shown('contrast.b.a_over_b'), draw: 'line-dots' },
        ],
      }
    },
    huong: (result) => ({
      kind: 'dots',
      name: 'huong',
      lead: 'Khoảng cách giữa hai trung bình trên câu để riêng, dọc từng hướng.',
      caption: `${made(result)} Mức ngẫu nhiên của GED: hướng khớp với nhãn tráo, dấu lấy theo nhãn thật; của các hướng khác: nhãn tráo.`,
      x: { label: 'khoảng cách', unit: 'độ lệch chuẩn', zero: true },
      rows: Object.entries(filters).map(([filter, label]) => ({
        label,
        values: besideChance(result, `held_out_d.${filter}`, isGed(filter) ? 'shuffled_direction' : 'label_shuffle'),
      })),
    }),
    chuyen: (result) => ({
      kind: 'dots',
      name: 'chuyen',
      lead: 'Hướng tìm trên him/her xếp đúng bao nhiêu cặp he/she và cặp tên.',
      caption: `${made(result)} Mức ngẫu nhiên của hai hướng GED: hướng khớp với nhãn tráo, dấu lấy theo nhãn thật; của các hướng khác: 50 %.`,
      x: { label: 'số cặp xếp đúng', format: 'percent', domain: [0, 1] },
      rows: (['he_she', 'names'] as const).flatMap((words) =>
        Object.entries(filters).map(([filter, label]) => {
          const figure = `${words}.transfer_accuracy.${filter}`
          return {
            label: `${words === 'names' ? 'tên' : 'he/she'}: ${label}`,
            values: isGed(filter) ? besideChance(result, figure, 'shuffled_direction') : [measured(result, figure), { form: 'chance', value: 0.5 }],
          }
        }),
      ),
    }),
    tang: (result) => {
      if (result.figures['layers.held_out_ratio.a_over_b'] === undefined) return null
      const series = (name: string) => numbers(seriesOf(result, `layers.held_out_ratio.a_over_b${name}`))
      return {
        kind: 'line',
        name: 'tang',
        lead: 'Tỉ số phương sai trên câu để riêng, ở từng khối, cạnh dải của nhãn tráo.',
        caption: `Mô hình ${result.model}, ${String(result.figures.n_pairs?.value)} cặp câu, seed ${result.seed}. Dải xám: 95 % giữa của các lần tráo nhãn.`,
        x: { label: 'khối', format: 'count' },
        y: { label: 'tỉ số phương sai', scale: 'log' },
        series: [
          { label: 'nhãn tráo', form: 'chance', y: series('.null_mean'), low: series('.null_low'), high: series('.null_high') },
          { label: 'nhãn thật', form: 'measured', y: series(''), draw: 'line-dots' },
        ],
      }
    },
  },
  figures: {
    'hai-dam-may': () => ({
      kind: 'scatter',
      name: 'hai-dam-may',
      lead: 'Cả hai nhóm trải rộng nhất theo chiều ngang: PCA chọn chiều ấy. GED chọn chiều dọc, nơi hai nhóm khác nhau.',
      caption: 'Hình minh họa, không phải dữ liệu của mô hình.',
      x: { label: 'chiều thứ nhất', domain: [-9, 9] },
      y: { label: 'chiều thứ hai', domain: [-4, 4] },
      groups: [
        { label: 'nhóm S', form: 'group-a', ...cloud(1, 3, 1.2) },
        { label: 'nhóm R', form: 'group-b', ...cloud(2, 3, 0.3) },
      ],
    }),
    'co-rut': () => {
      const dimensions = 63
      const rank = 52
      const gamma = 0.01
      const before = Array.from({ length: dimensions }, (_, i) => (i < rank ? 0.9 ** i : 0))
      const average = before.reduce((sum, value) => sum + value, 0) / dimensions
      return {
        kind: 'line',
        name: 'co-rut',
        lead: 'Co rút nâng mọi trị riêng, kể cả những trị riêng bằng 0, lên trên một cái sàn do ta chọn.',
        caption: 'Hình minh họa: 63 chiều, hạng 52, γ = 0,01. Trị riêng bằng 0 không vẽ được trên trục lôgarit.',
        x: { label: 'chiều', format: 'count', domain: [1, dimensions] },
        y: { label: 'trị riêng', scale: 'log' },
        series: [
          { label: 'R', form: 'soft', x: indices(dimensions), y: before.map((value) => (value > 0 ? value : NaN)) },
          { label: 'R đã co rút', form: 'group-a', x: indices(dimensions), y: before.map((value) => (1 - gamma) * value + gamma * average) },
        ],
      }
    },
  },
  claimPlots: {
    'GED-05': 'thanh-phan',
    'GED-06': 'thanh-phan',
    'GED-12': 'ti-so',
    'GED-13': 'ti-so',
    'GED-14': 'ti-so',
    'GED-16': 'cau',
    'GED-17': 'cau',
    'GED-18': 'chuyen',
    'GED-19': 'huong',
  },
})

function numbers(values: (number | null)[]): number[] {
  return values.map((value) => value ?? NaN)
}

function made({ model, seed, figures }: LessonResult): string {
  return `Mô hình ${model}, khối ${String(figures.layer?.value)}, ${String(figures.n_pairs?.value)} cặp câu, seed ${seed}.`
}

function isGed(filter: string): boolean {
  return geds.some((ged) => ged === filter)
}

function pairOf(filter: (typeof geds)[number]): string {
  return filter === 'a_over_b' ? 'him trên her' : 'her trên him'
}

function measured(result: LessonResult, figure: string): DotValue {
  return { form: 'measured', value: numberOf(result, figure) ?? NaN }
}

function chance(result: LessonResult, control: string, figure: string): DotValue {
  const values = numbers(controlOf(result, control, figure))
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b)
  const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? NaN
  return { form: 'chance', value: values.reduce((sum, value) => sum + value, 0) / values.length, low: at(0.025), high: at(0.975) }
}

function besideChance(result: LessonResult, figure: string, control = 'label_shuffle'): DotValue[] {
  return [measured(result, figure), chance(result, control, figure)]
}

function indices(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1)
}

/** Points of a normal cloud, the same each time. */
function cloud(seed: number, spreadX: number, spreadY: number): { x: number[]; y: number[] } {
  let state = seed * 2654435761
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 1) / 4294967297
  }
  const x: number[] = []
  const y: number[] = []
  for (let i = 0; i < 80; ++i) {
    const radius = Math.sqrt(-2 * Math.log(uniform()))
    const angle = 2 * Math.PI * uniform()
    x.push(spreadX * radius * Math.cos(angle))
    y.push(spreadY * radius * Math.sin(angle))
  }
  return { x, y }
}
