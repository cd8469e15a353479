/** What went wrong and what to do next, in Vietnamese, by the error's code. */
import type { ErrorCode } from '../../engine/engine'
import { formatBytes, formatCount } from '../numbers'
import { argumentErrorText } from './argument_errors'

export interface ErrorText {
  what: string
  next: string
}

type Details = Record<string, string>

const again = 'Bạn thử lại, hoặc tải lại trang. Nếu vẫn lỗi, hãy báo cho nhóm làm Soi kèm dòng chữ nhỏ bên dưới.'
const downloadAgain = 'Lần tải về có lẽ chưa xong. Hãy tải lại tệp rồi chọn lại.'
const checkFile = 'Hãy chọn tệp model.safetensors gốc của GPT-2, hoặc xuất lại tệp này bằng thư viện safetensors.'
const hookNames = 'Tên hook viết theo TransformerLens, như blocks.4.hook_resid_post. Khối đánh số từ 0.'

/** A parameter's name -> the words beside its control, where there is one. */
export type LabelOf = (parameter: string) => string | undefined

const errors: Record<ErrorCode, (details: Details, labelOf: LabelOf) => ErrorText> = {
  invalid_argument: argumentErrorText,
  out_of_memory: ({ bytes }) => ({
    what: `Không đủ bộ nhớ${bytes ? `: cần thêm ${formatBytes(Number(bytes))}` : ''}.`,
    next: 'Đóng bớt thẻ khác, chọn độ chính xác f16 hoặc int8, hoặc rút ngắn văn bản.',
  }),
  cancelled: () => ({ what: 'Đã dừng theo ý bạn.', next: 'Chạy lại lúc nào cũng được.' }),
  io_error: () => ({
    what: 'Không đọc được tệp.',
    next: 'Nếu tệp nằm trên máy bạn: có thể nó đã dời chỗ hoặc đổi nội dung, hãy chọn lại. Nếu là tệp của trang: kiểm tra mạng rồi tải lại trang.',
  }),
  file_empty: () => ({ what: 'Tệp rỗng, không có byte nào.', next: downloadAgain }),
  safetensors_truncated: ({ expected, actual }) => ({
    what: `Tệp kết thúc sớm${sizes(expected, actual)}.`,
    next: downloadAgain,
  }),
  safetensors_header: () => ({
    what: 'Phần đầu tệp không đúng định dạng safetensors.',
    next: 'Tệp .bin, .pt hay .gguf không dùng được ở đây. ' + checkFile,
  }),
  safetensors_offsets: ({ tensor }) => ({
    what: `Vị trí dữ liệu của tensor ${named(tensor)} chồng lên tensor khác, hở một quãng, hoặc vượt quá cuối tệp.`,
    next: checkFile,
  }),
  safetensors_size: ({ tensor, expected, actual }) => ({
    what: `Tensor ${named(tensor)} có số byte không khớp với kích thước của nó${sizes(expected, actual)}.`,
    next: checkFile,
  }),
  safetensors_trailing: ({ expected, actual }) => ({
    what: `Tệp còn thừa dữ liệu sau tensor cuối${sizes(expected, actual)}.`,
    next: checkFile,
  }),
  not_gpt2: ({ tensor }) => ({
    what: tensor
      ? `Tệp đọc được, nhưng không phải GPT-2: ${tensor} khác wte.weight, mà GPT-2 dùng chung một ma trận.`
      : 'Tệp đọc được, nhưng không phải GPT-2.',
    next: 'Soi chỉ chạy các mô hình có kiến trúc GPT-2: small, medium, large, XL và các bản huấn luyện từ chúng.',
  }),
  tensor_missing: ({ tensor }) => ({ what: `Tệp thiếu tensor ${named(tensor)}.`, next: checkFile }),
  tensor_shape: ({ tensor, expected, actual }) => ({
    what: `Tensor ${named(tensor)} có kích thước ${actual ?? 'lạ'}, lẽ ra là ${expected ?? 'khác'}.`,
    next: 'Nếu mô hình đi kèm một config.json, hãy chọn cả hai tệp cùng lúc. ' + checkFile,
  }),
  tensor_dtype: ({ tensor, dtype }) => ({
    what: `Tensor ${named(tensor)} lưu bằng kiểu số ${dtype ?? 'lạ'}, Soi không đọc kiểu này.`,
    next: 'Soi đọc F32, F16 và BF16. Hãy xuất lại tệp bằng một trong ba kiểu ấy.',
  }),
  tensor_not_finite: ({ tensor, index }) => ({
    what: `Tensor ${named(tensor)} chứa NaN hoặc vô cực${index ? ` ở phần tử ${formatCount(Number(index))}` : ''}.`,
    next: 'Trọng số hỏng thì mọi kết quả đều vô nghĩa. Hãy tải lại tệp, hoặc dùng một bản lưu khác.',
  }),
  activation_not_finite: () => ({
    what: 'Mô hình tính ra NaN hoặc vô cực: trọng số đọc được, nhưng có số quá lớn.',
    next: 'Có lẽ tệp đã hỏng. Hãy tải lại tệp, hoặc dùng một bản lưu khác.',
  }),
  config_invalid: ({ key, expected, actual }) => {
    const next = 'Hãy chọn đúng config.json nằm cạnh tệp trọng số, hoặc bỏ nó ra: Soi suy được gần hết cấu hình từ chính trọng số.'
    if (key === 'the file') return { what: 'Tệp config.json rỗng, hỏng, hoặc không phải JSON.', next }
    if (key === 'n_head' && actual === 'nothing') {
      return {
        what: 'Chưa biết mỗi khối có mấy đầu chú ý: với mô hình này, không suy ra được từ trọng số.',
        next: 'Chọn config.json của mô hình cùng lúc với tệp trọng số.',
      }
    }
    return { what: `Tệp config.json không khớp với trọng số${key ? `: ${key}` : ''}${values(expected, actual)}.`, next }
  },
  text_empty: () => ({ what: 'Chưa có văn bản.', next: 'Gõ ít nhất một ký tự.' }),
  text_too_long: ({ n_tokens: nTokens, n_ctx: nCtx }) => ({
    what: `Văn bản dài ${count(nTokens)} token, mô hình chỉ đọc được ${count(nCtx)}.`,
    next: 'Rút ngắn văn bản, hoặc dùng mô hình có ngữ cảnh dài hơn.',
  }),
  token_out_of_range: ({ token, n_vocab: nVocab }) => ({
    what: `Mô hình không có token số ${token ?? '?'}: từ vựng của nó chỉ có ${count(nVocab)} token.`,
    next: nVocab
      ? `Sửa lại số hiệu, từ 0 đến ${formatCount(Number(nVocab) - 1)}, hoặc dùng mô hình có từ vựng đầy đủ của GPT-2.`
      : 'Dùng mô hình có từ vựng đầy đủ của GPT-2, 50.257 token.',
  }),
  hook_unknown: ({ hook, closest }) => ({
    what: `Không có hook ${named(hook)}.${closest ? ` Có phải bạn muốn ${closest}?` : ''}`,
    next: hookNames,
  }),
  hook_layer: ({ hook, n_layers: nLayers }) => ({
    what: `Không có hook ${named(hook)}: mô hình chỉ có ${count(nLayers)} khối.`,
    next: nLayers ? `Chọn khối từ 0 đến ${formatCount(Number(nLayers) - 1)}, hoặc nạp mô hình nhiều khối hơn.` : hookNames,
  }),
  hook_not_differentiable: ({ hook }) => ({
    what: `Soi không tính gradient từ hook ${named(hook)} về embedding.`,
    next: 'Chọn một hook của luồng dư hoặc của MLP.',
  }),
  model_missing: () => ({ what: 'Chưa có mô hình.', next: 'Chọn mô hình đi kèm, hoặc một tệp trên máy bạn.' }),
  simd_missing: () => ({
    what: 'Trình duyệt này không có WebAssembly SIMD, mà Soi cần nó để tính.',
    next: 'Dùng Chrome hoặc Edge từ bản 95, Firefox từ bản 100, hay Safari từ bản 16.4. Phần chữ và kết quả tính sẵn trên trang vẫn đọc được.',
  }),
  internal: () => ({ what: 'Soi gặp lỗi của chính nó.', next: again }),
}

export function errorText(code: ErrorCode, details: Details, labelOf: LabelOf = () => undefined): ErrorText {
  return errors[code](details, labelOf)
}

function named(name: string | undefined): string {
  return name ?? '(không tên)'
}

function count(value: string | undefined): string {
  return value === undefined ? '?' : formatCount(Number(value))
}

function sizes(expected: string | undefined, actual: string | undefined): string {
  if (expected === undefined || actual === undefined) return ''
  return `: cần ${count(expected)} byte, có ${count(actual)}`
}

function values(expected: string | undefined, actual: string | undefined): string {
  if (expected === undefined || actual === undefined) return ''
  return ` là ${actual}, trọng số cho thấy ${expected}`
}
