/** The words of the claims ledger. */
import type { Verdict } from '../../engine/engine'

export const ledgerStrings = {
  caption: 'Sổ đối chiếu: tài liệu viết gì, đo lại thấy gì',
  claim: 'Tài liệu viết',
  measured: 'Đo được',
  chance: 'Ngẫu nhiên',
  verdict: 'Kết luận',
  rest: (count: number) => `${count} khẳng định không phải chuyện đo: định nghĩa, tham số, cách hiểu`,
  toPlot: 'xem hình',
  interval: (low: string, high: string) => `${low} đến ${high}`,
  yes: 'có',
  no: 'không',
  empty: '–',
  /** The core's word for a figure's unit -> what the line says; a share is a percentage already. */
  units: {
    components: 'thành phần',
    latents: 'đơn vị ẩn',
    nats: 'nat',
    'nats a token': 'nat một token',
    neurons: 'nơ-ron',
    'powers of ten': 'bậc',
    'standard deviations': 'độ lệch chuẩn',
  } as Partial<Record<string, string>>,
  made: (model: string, seed: number, protocol: string) => `${model}, seed ${seed}, giao thức ${protocol}.`,
  otherModel: (model: string) =>
    `Tài liệu nói về GPT-2 thật; con số ở đây đo trên ${model}. Khẳng định nào cần mô hình lớn hơn thì ghi là chưa kiểm được.`,
  verdicts: {
    agrees: 'khớp',
    differs: 'không khớp',
    chance: 'chỉ bằng ngẫu nhiên',
    untestable: 'chưa kiểm được',
    interpretation: 'diễn giải',
    parameter: 'tham số',
  } satisfies Record<Verdict, string>,
  summary: (counts: string) => `Trong các khẳng định đo được: ${counts}.`,
}
