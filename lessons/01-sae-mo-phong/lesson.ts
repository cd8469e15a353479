import { type LessonResult, controlOf, defineLesson, numberOf } from '../../web/lesson/define_lesson'
import code from './code.py?raw'

const numbers = (values: (number | null)[]) => values.map((value) => value ?? NaN)
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const made = ({ seed, parameters }: LessonResult) => `Dữ liệu mô phỏng, seed ${seed}, n = ${String(parameters.n_samples)}.`

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
        { parameter: 'n_grid_seeds', label: 'Số mạng ở mỗi hệ số L1', help: 'Bằng 0: không quét hệ số L1.' },
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
  plots: {
    'mat-mat': (result) => ({
      kind: 'line',
      name: 'mat-mat',
      lead: 'Sai số tái tạo giảm nhanh; số hạng L1 đi đường riêng của nó.',
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
      lead: 'Dấu đặc là mạng đã huấn luyện; dải xám là các mạng chưa huấn luyện, chấm cùng một quy tắc.',
      caption: made(result),
      x: { label: '|r| với nguồn', domain: [0, 1] },
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
    'tin-hieu': (result) => ({
      kind: 'line',
      name: 'tin-hieu',
      lead: 'Sóng sin, và đơn vị ẩn được ghép với nó, trong 900 mẫu đầu, sau khi đưa về trung bình 0 và độ lệch chuẩn 1.',
      caption: made(result),
      x: { label: 'mẫu', format: 'count' },
      y: { label: 'giá trị chuẩn hóa' },
      series: [
        { label: 'sóng sin', form: 'soft', y: signal(result, 'sources', 0) },
        { label: 'đơn vị ghép với sóng sin', form: 'measured', y: signal(result, 'latents', numberOf(result, 'latent.sine') ?? 0) },
      ],
    }),
    'nhieu-seed': (result) => ({
      kind: 'histogram',
      name: 'nhieu-seed',
      lead: 'Điểm của nguồn khớp kém hơn, qua nhiều seed: mạng đã huấn luyện và mạng chưa huấn luyện.',
      caption: made(result),
      x: { label: '|r| của nguồn khớp kém hơn' },
      series: [
        { label: 'đã huấn luyện', form: 'measured', values: numbers(controlOf(result, 'trained', 'best_r.lower')) },
        { label: 'chưa huấn luyện', form: 'chance', values: numbers(controlOf(result, 'untrained', 'best_r.lower')) },
      ],
      levels: [{ form: 'document', label: 'mốc của tài liệu', value: 0.95 }],
    }),
    'bien-the': (result) => ({
      kind: 'dots',
      name: 'bien-the',
      lead: 'Độ giống nhau giữa các đơn vị khi tắt từng số hạng phạt, cạnh mạng chưa huấn luyện.',
      caption: made(result),
      x: { label: '|r| trung bình giữa hai đơn vị ẩn', domain: [0, 1] },
      rows: variants.map(({ name, label }) => ({
        label,
        values: [spread(result, name, 'redundancy'), { ...spread(result, 'untrained', 'redundancy'), form: 'chance' as const }],
      })),
    }),
    'so-phuong-phap': (result) => ({
      kind: 'dots',
      name: 'so-phuong-phap',
      lead: 'PCA và FastICA trên cùng hai kênh, cạnh các mạng chưa huấn luyện.',
      caption: made(result),
      x: { label: '|r| của nguồn khớp kém hơn', domain: [0, 1] },
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
  claimPlots: { 'SAE1-16': 'mat-mat', 'SAE1-17': 'mat-mat', 'SAE1-20': 'khop', 'SAE1-21': 'nhieu-seed', 'SAE1-22': 'bien-the' },
})

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
