/** The words of a run's state, the same everywhere. */
import type { Variant } from '../../engine/engine'

export const runStrings = {
  precomputed: (model: string, build: string) => `Tính sẵn khi dựng trang: ${model}, ${build}.`,
  running: 'Đang tính',
  left: (time: string) => `còn khoảng ${time}`,
  cancel: 'Dừng',
  run: 'Chạy',
  stale: 'Văn bản hoặc mô hình đã đổi, kết quả dưới đây là của lần trước.',
  ready: 'Chưa tính.',
  estimate: (time: string) => `khoảng ${time}`,
  waiting: 'Chờ mô hình.',
  done: (model: string, build: string, time: string) => `Đo được trên máy này: ${model}, ${build}, ${time}.`,
  build: (variant: Variant, threads: number) =>
    `bản ${variant === 'relaxed-threads' ? 'relaxed SIMD' : 'SIMD'}, ${threads} luồng`,
  cancelled: 'Đã dừng. Kết quả trước vẫn còn.',
  details: 'Chi tiết kỹ thuật',
}
