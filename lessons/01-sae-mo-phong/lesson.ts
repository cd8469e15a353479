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
        { parameter: 'noise', label: 'Độ lệch chuẩn của nhiễu', form: 'slider', maximum: 1 },
      ],
    },
    'huan-luyen': {
      title: 'Huấn luyện',
      controls: [
        { parameter: 'l1_weight', label: 'Hệ số phạt L1', form: 'slider', maximum: 4, help: 'Bằng 0: không phạt.' },
        { parameter: 'decorrelation_weight', label: 'Hệ số phạt tương quan', form: 'slider', maximum: 4 },
        { parameter: 'n_latents', label: 'Số đơn vị ẩn' },
        { parameter: 'activation', label: 'Hàm kích hoạt', choices: { relu: 'ReLU', gelu: 'GELU', linear: 'tuyến tính' } },
        { parameter: 'learning_rate', label: 'Tốc độ học', form: 'slider', minimum: 0.0001, maximum: 0.1, logarithmic: true },
        { parameter: 'epochs', label: 'Số epoch' },
        { parameter: 'unit_norm_decoder', label: 'Giữ độ dài decoder bằng 1' },
        { parameter: 'tied', label: 'Trọng số buộc' },
        { parameter: 'matching', label: 'Ghép nguồn', choices: { one_to_one: 'mỗi nguồn một đơn vị', best: 'đơn vị tốt nhất, có thể trùng' } },
        { parameter: 'n_seeds', label: 'Số mạng mỗi biến thể' },
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
      lead: 'Mạng đã huấn luyện và mạng chưa huấn luyện khớp hai nguồn gần như nhau.',
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
  },
  claimPlots: { 'SAE1-16': 'mat-mat', 'SAE1-17': 'mat-mat', 'SAE1-20': 'khop' },
})

function measured(result: LessonResult, figure: string) {
  return { form: 'measured' as const, value: numberOf(result, figure) ?? NaN }
}

function chance(result: LessonResult, figure: string) {
  const values = numbers(controlOf(result, 'untrained', figure)).sort((a, b) => a - b)
  return { form: 'chance' as const, value: mean(values), low: values[0]!, high: values.at(-1)! }
}
