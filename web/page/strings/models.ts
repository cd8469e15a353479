/** The words of the model chooser. */
import type { NumberFormat, Variant } from '../../engine/engine'
import type { Loading } from '../../models/session'

export const modelStrings = {
  inUse: 'Đang dùng',
  about: 'Sắp nạp',
  name: 'tên',
  fileBytes: 'tệp',
  shape: 'kiến trúc',
  shapeValue: (blocks: string, width: string, heads: string | null, context: string) =>
    `${blocks} khối, ${width} chiều${heads === null ? '' : `, ${heads} đầu`}, ngữ cảnh ${context}`,
  parameters: 'tham số',
  parametersValue: (millions: string) => `${millions} triệu`,
  format: 'độ chính xác',
  fileFormat: (dtypes: string) => `trong tệp: ${dtypes}`,
  weightBytes: 'bộ nhớ trọng số',
  weightEstimate: 'bộ nhớ trọng số, ước tính',
  heapBytes: 'bộ nhớ đang dùng',
  threads: 'số luồng',
  build: 'bản dựng',
  loadSeconds: 'thời gian nạp',
  change: 'Đổi mô hình',
  demo: 'Mô hình đi kèm',
  demoNote: '19,4 triệu tham số, 20\u00a0MB. Học từ sách tiếng Anh, phần lớn viết trước năm 1930; viết đúng ngữ pháp, nhưng vài câu là lạc mạch.',
  ownFile: 'Tệp trên máy bạn',
  ownFileNote: 'Chọn hoặc thả vào trang một tệp .safetensors, kèm config.json nếu có. Tệp không rời khỏi máy.',
  kept: 'Giữ trong trình duyệt này',
  forget: (name: string) => `Xóa ${name} khỏi trình duyệt`,
  forgetShort: 'Xóa',
  keep: 'Giữ tệp này trong trình duyệt để lần sau khỏi chọn lại',
  keeping: (name: string) => `Đang chép ${name} vào trình duyệt`,
  stopKeeping: 'Dừng chép',
  keptNow: (name: string) => `Đã giữ ${name}. Lần sau tệp có sẵn trong danh sách.`,
  load: 'Nạp mô hình',
  cancel: 'Dừng nạp',
  relaxed: 'Relaxed SIMD',
  relaxedNote:
    'Nhanh hơn trên một số máy, nhưng cho phép bộ xử lý làm tròn theo cách riêng: con số có thể lệch ở chữ số cuối giữa hai trình duyệt. Tắt sẵn; khi đổi, Soi nạp lại mô hình. Nếu không có mạng mà bản này chưa từng được tải, Soi dùng bản thường.',
  dropHere: 'Thả tệp vào đây',
  formats: {
    f32: 'f32: 4 byte mỗi số, dùng làm chuẩn',
    f16: 'f16: 2 byte mỗi số, lệch rất ít',
    int8: 'int8: 1 byte mỗi số, lệch ít',
  } satisfies Record<NumberFormat, string>,
  variants: {
    simd: 'SIMD, không luồng phụ',
    'simd-threads': 'SIMD, đa luồng',
    'relaxed-threads': 'relaxed SIMD, đa luồng',
  } satisfies Record<Variant, string>,
  phases: {
    start: 'Đang khởi động',
    fetch: 'Đang tải mô hình về',
    load: 'Đang đọc trọng số',
  } satisfies Record<Loading['phase'], string>,
  ready: 'Mô hình đã nạp.',
  oldStays: 'Mô hình đang dùng vẫn còn nguyên.',
  linkedFile:
    'Người tạo đường dẫn này dùng một tệp riêng. Chọn đúng tệp ấy thì thấy cùng kết quả; lúc này đang chạy mô hình đi kèm.',
  problems: {
    none: 'Không thấy tệp .safetensors nào trong những gì bạn vừa chọn. Tệp .bin, .pt hay .gguf không dùng được ở đây.',
    several: 'Bạn vừa chọn nhiều tệp .safetensors. Hãy chọn một tệp, kèm config.json nếu có.',
  },
  noSharedMemory:
    'Máy chủ của trang không bật cách ly nguồn gốc (COOP, COEP), nên Soi chạy một luồng. Kết quả vẫn y như vậy, chỉ chậm hơn.',
}
