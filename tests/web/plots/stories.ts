/** One plot of each kind, on seeded data: for snapshots, and to be looked at. */
import type { PlotSpec } from '../../../web/plots/plot_spec'

/** mulberry32: a small generator, the same numbers everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const list = (count: number, value: (index: number) => number) => Array.from({ length: count }, (_, index) => value(index))

/** `size` scales the number of points, so that the snapshots stay small. */
export function stories(size: number): Record<string, PlotSpec> {
  const random = seeded(7)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const caption = 'Mô hình demo, seed 1, n = 3.000.'
  const nNeurons = Math.round(5 + 15 * size)
  const steps = Math.round(600 * size)
  const shares = list(Math.round(80 * size), (index) => Math.exp(-0.12 * index))
  const total = shares.reduce((sum, share) => sum + share, 0)
  return {
    training: {
      kind: 'line',
      name: 'huan-luyen',
      lead: 'MSE giảm nhanh ở những bước đầu; L1 tăng trước rồi mới giảm.',
      caption,
      x: { label: 'bước huấn luyện', format: 'count', domain: [0, steps] },
      y: { label: 'hàm mất mát', scale: 'log' },
      series: [
        { label: 'MSE', form: 'measured', y: list(steps, (step) => 0.9 * Math.exp((-6 * step) / steps) + 0.004 * (1 + 0.3 * random())) },
        { label: 'L1', form: 'group-a', y: list(steps, (step) => 0.3 + 0.3 * Math.sin((3 * step) / steps) * Math.exp((-2 * step) / steps)) },
        { label: 'phạt tương quan', form: 'group-b', y: list(steps, (step) => 0.05 + 0.02 * random() + 0.2 * Math.exp((-9 * step) / steps)) },
        { label: 'bạn vẽ', form: 'prediction', x: [0, steps / 2, steps], y: [0.9, 0.2, 0.1] },
      ],
      levels: [{ form: 'chance', label: 'mạng chưa huấn luyện', value: 0.4, low: 0.32, high: 0.5 }],
    },
    drift: {
      kind: 'line',
      name: 'do-lech-theo-khoi',
      lead: 'Trước khối bị sửa độ lệch đúng bằng 0; sau đó nó lớn dần.',
      caption,
      x: { label: 'khối', format: 'count' },
      y: { label: 'độ lệch tương đối', format: 'percent', zero: true },
      series: [
        { label: 'bỏ PC1', form: 'measured', y: [0, 0, 0, 0, 0.11, 0.13, 0.16, 0.18, 0.22, 0.25, 0.24, 0.31], draw: 'line-dots' },
        {
          label: 'bỏ một hướng ngẫu nhiên',
          form: 'chance',
          y: [0, 0, 0, 0, 0.01, 0.012, 0.016, 0.018, 0.019, 0.02, 0.022, 0.024],
          low: list(12, (block) => (block < 4 ? 0 : 0.004)),
          high: list(12, (block) => (block < 4 ? 0 : 0.03 + 0.004 * block)),
        },
      ],
      verticals: [{ form: 'threshold', label: 'khối bị sửa:', value: 4 }],
    },
    scatter: {
      kind: 'scatter',
      name: 'him-her',
      lead: 'Hai nhóm câu tách nhau theo thành phần GED, gần như không theo PC1.',
      caption,
      x: { label: 'hình chiếu lên thành phần GED' },
      y: { label: 'hình chiếu lên PC1' },
      groups: (['group-a', 'group-b'] as const).map((form, group) => ({
        label: group === 0 ? 'him' : 'her',
        form,
        x: list(Math.round(54 * size), () => normal() + (group === 0 ? -1.6 : 1.6)),
        y: list(Math.round(54 * size), () => 2 * normal()),
      })),
      verticals: [{ form: 'threshold', label: 'ranh giới', value: 0 }],
    },
    histogram: {
      kind: 'histogram',
      name: 'cosin-lon-nhat',
      lead: 'Cosin lớn nhất đo được nằm gọn trong phân phối của vectơ ngẫu nhiên.',
      caption,
      x: { label: 'cosin lớn nhất với một token' },
      counted: 'vectơ',
      series: [
        { label: 'sau khi leo', form: 'measured', values: list(Math.round(200 * size), () => 0.158 + 0.009 * normal()) },
        { label: 'vectơ ngẫu nhiên', form: 'chance', values: list(Math.round(1000 * size), () => 0.152 + 0.008 * normal()) },
      ],
      levels: [
        { form: 'document', label: 'tài liệu', value: 0.17 },
        { form: 'prediction', label: 'bạn đoán', value: 0.178 },
      ],
    },
    density: {
      kind: 'histogram',
      name: 'mat-do',
      lead: 'Phần lớn đơn vị ẩn im lặng với đoạn văn này.',
      x: { label: 'mật độ: tỉ lệ token làm đơn vị ẩn bật', format: 'percent', domain: [0, 1] },
      counted: 'đơn vị ẩn',
      series: [{ label: 'đơn vị ẩn', form: 'measured', values: list(Math.round(2000 * size), () => random() ** 3) }],
    },
    dots: {
      kind: 'dots',
      name: 'do-va-ngau-nhien',
      lead: 'Chỉ một trong bốn con số đứng ngoài dải ngẫu nhiên.',
      caption,
      x: { label: 'tỉ lệ', format: 'percent', domain: [0, 1] },
      rows: [
        { label: 'lần chạy tìm được cả hai nguồn', values: [{ form: 'measured', value: 0.71, low: 0.51, high: 0.85 }, { form: 'chance', value: 0.67, low: 0.47, high: 0.82 }, { form: 'document', value: 0.95 }, { form: 'prediction', value: 0.9 }] },
        { label: 'mật độ của lưới', values: [{ form: 'measured', value: 0.21, low: 0.19, high: 0.24 }, { form: 'chance', value: 0.5, low: 0.48, high: 0.52 }, { form: 'document', value: 0.065 }] },
        { label: 'đơn vị ẩn im lặng', values: [{ form: 'measured', value: 0.03 }, { form: 'chance', value: 0.02, low: 0, high: 0.05 }, { form: 'document', value: 0.5 }] },
        { label: 'đơn vị ẩn luôn bật', values: [{ form: 'measured', value: 0.001 }, { form: 'chance', value: 0.002, low: 0, high: 0.004 }] },
      ],
    },
    bars: {
      kind: 'dots',
      name: 'phat-nao-can',
      lead: 'Tắt cả hai số hạng phạt, hai nguồn vẫn được tìm thấy.',
      x: { label: 'độ tương đồng tốt nhất |r|', domain: [0, 1] },
      bars: true,
      formLabels: { 'group-a': 'sóng sin', 'group-b': 'bước nhảy' },
      rows: ['đủ hai số hạng', 'tắt L1', 'tắt phạt tương quan', 'tắt cả hai'].map((label, index) => ({
        label,
        values: [
          { form: 'group-a' as const, value: 0.93 + 0.01 * index, low: 0.9, high: 0.97 },
          { form: 'group-b' as const, value: 0.97 - 0.01 * index, low: 0.9, high: 0.99 },
          { form: 'chance' as const, value: 0.942 },
        ],
      })),
    },
    own: {
      kind: 'dots',
      name: 'so-doi-chieu',
      lead: 'Mỗi dòng một con số, mỗi dòng một thang.',
      x: { label: '' },
      rows: [
        { label: 'số thành phần chính', own: { format: 'count' }, values: [{ form: 'measured', value: 61 }, { form: 'document', value: 63 }] },
        { label: 'cosin lớn nhất', own: {}, values: [{ form: 'measured', value: 0.158 }, { form: 'chance', value: 0.152, low: 0.147, high: 0.159 }, { form: 'document', value: 0.17 }] },
      ],
    },
    scree: {
      kind: 'spectrum',
      name: 'scree',
      lead: 'Vài chục thành phần đã giữ gần hết phương sai.',
      caption,
      x: { label: 'thành phần' },
      y: { label: 'tỉ lệ phương sai', format: 'percent' },
      values: shares.map((share) => share / total),
      cumulative: true,
      threshold: { label: 'ngưỡng', value: 0.99 },
    },
    heat: {
      kind: 'heat-map',
      name: 'ban-do-kich-hoat',
      lead: 'Vài đơn vị ẩn bật ở mọi token (vạch dọc); phần lớn chỉ bật rải rác.',
      caption,
      rows: { label: 'token', count: Math.round(220 * size), names: list(Math.round(220 * size), (row) => row).map((row) => ` word${row}`) },
      columns: { label: 'đơn vị ẩn', count: Math.round(6144 * size ** 2) },
      values: Float32Array.from({ length: Math.round(220 * size) * Math.round(6144 * size ** 2) }, (_, cell) => {
        const column = cell % Math.round(6144 * size ** 2)
        const draw = random()
        return column % 97 === 5 ? 2 + random() : draw < 0.02 ? 3 * random() : 0
      }),
      value: { label: 'giá trị kích hoạt' },
      map: 'sequential',
    },
    matrices: {
      kind: 'matrices',
      name: 'truoc-va-sau',
      lead: 'Bỏ PC1 xóa gần hết mảng tương quan chung.',
      caption,
      rows: { label: 'nơ-ron', count: nNeurons },
      columns: { label: 'nơ-ron', count: nNeurons },
      panels: [0.9, 0.15].map((weight, panel) => ({
        label: panel === 0 ? 'trước' : 'sau',
        values: list(nNeurons ** 2, (cell) => {
          const [row, column] = [Math.floor(cell / nNeurons), cell % nNeurons]
          return row === column ? 1 : weight * Math.sin(row) * Math.sin(column) + 0.1 * Math.cos(3 * row + 3 * column)
        }),
      })),
      difference: 'sau trừ trước',
      value: { label: 'tương quan' },
      map: 'diverging',
      range: 1,
    },
    tokens: {
      kind: 'tokens',
      name: 'hinh-chieu-cua-tung-token',
      lead: 'Hai đại từ nằm ở hai đầu thang, các từ khác quanh 0.',
      caption,
      tokens: [
        ...['The', ' doctor', ' told', ' him', ' that', ' she', ' had', ' seen', ' her', ' near', ' the', ' ph'],
        ...[[0xe1], [0xbb], [0x9f]].map((bytes) => ({ bytes: new Uint8Array(bytes) })),
        ...[' stall', '.', '\n', 'He', ' smiled', ' at', ' the', ' internationalization', ' sign', '.'],
      ],
      groups: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24],
      values: list(25, (position) => (position === 3 ? 2.4 : position === 5 || position === 8 ? -2.1 : 0.6 * normal())),
      value: { label: 'hình chiếu' },
      map: 'diverging',
    },
  }
}
