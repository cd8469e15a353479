/** A setting that the core refused, in Vietnamese: the core says its range in English, in one of these ways. */
import { formatCount, formatNumber } from '../numbers'
import type { ErrorText } from './errors'

interface Refused {
  /** The setting, as the reader knows it. */
  label: string
  value: string
}

type Words = (refused: Refused, ...found: string[]) => ErrorText

const number = (text: string) => formatNumber(Number(text))
const count = (text: string) => formatCount(Number.parseInt(text, 10))
const oneSlot = 'Mỗi dòng một câu, có đúng một chỗ thay đổi với hai từ khác nhau, viết như The dog followed [him|her] home.'
const mend = 'Sửa lại giá trị rồi chạy lại.'

/** By the range's words. */
const ranges: [range: RegExp, words: Words][] = [
  [
    /^(?:a (?:whole )?number from )?(-?[\d.]+) to (-?[\d.]+)/,
    ({ label, value }, low, high) => ({
      what: `${label} không nhận giá trị ${value}; giá trị hợp lệ: từ ${number(low)} đến ${number(high)}.`,
      next: mend,
    }),
  ],
  [
    /^at least (\d+) tokens$/,
    ({ label, value }, least) => ({
      what: `${label} mới có ${count(value)} token, cần ít nhất ${count(least)}.`,
      next: 'Viết dài thêm, hoặc đặt lại để dùng văn bản của bài.',
    }),
  ],
  [
    /^at least (\d+) pairs$/,
    ({ label, value }, least) => ({
      what: `${label} mới có ${count(value)} cặp với phần đầu khác nhau, cần ít nhất ${count(least)}.`,
      next: 'Thêm câu có phần đầu mới, hoặc đặt lại để dùng bộ câu của bài.',
    }),
  ],
  [/^\.\.\. \[a\|b\]/, ({ label, value }) => ({ what: `${label}: dòng ${value.replace('line ', '')} viết chưa đúng.`, next: oneSlot })],
  [/^one line$/, ({ label }) => ({ what: `${label}: cần đúng một câu.`, next: oneSlot })],
  [
    /^ids:/,
    ({ label, value }) => ({
      what: `${label}: "${value}" không phải số hiệu của một token.`,
      next: 'Sau ids: chỉ viết số nguyên, cách nhau bằng dấu cách, như ids: 464 3290 318.',
    }),
  ],
  [
    /^up to component (\d+)$/,
    (_, most) => ({
      what: `Chỉ có ${count(most)} thành phần: số thành phần luôn ít hơn số token.`,
      next: 'Chọn thành phần đứng trước, bỏ ít thành phần hơn, hoặc dùng văn bản dài hơn.',
    }),
  ],
  [
    /^words of the passage$/,
    ({ label, value }) => ({
      what: `${label}: đoạn văn không có ${/^"[^"]*"/.exec(value)?.[0] ?? 'từ ấy'}.`,
      next: 'Viết đúng như trong đoạn văn, mỗi dòng một từ; chữ hoa và chữ thường là khác nhau.',
    }),
  ],
  [
    /^above 0$/,
    ({ label }) => ({
      what: `${label} phải lớn hơn 0: số thành phần vượt hạng của một lớp, nên thiếu co rút thì mẫu số bằng 0.`,
      next: 'Tăng nó lên một chút, hoặc giữ ít thành phần hơn.',
    }),
  ],
]

/** `labelOf`: a parameter's name -> the words beside its control. */
export function argumentErrorText(details: Record<string, string>, labelOf: (parameter: string) => string | undefined): ErrorText {
  const { name = '', value = '', range = '' } = details
  const label = quoted(labelOf(name)) ?? `Tham số ${name}`.trim()
  if (name === 'rows' && value === 'constant') {
    return { what: 'Các câu cho cùng một giá trị, không có gì để so.', next: 'Dùng những câu có phần đầu khác nhau.' }
  }
  for (const [pattern, words] of ranges) {
    const found = pattern.exec(range)
    if (found) return words({ label, value }, ...found.slice(1))
  }
  return { what: `${label} không nhận giá trị ${value || 'này'}${range ? `; giá trị hợp lệ: ${range}` : ''}.`, next: mend }
}

function quoted(label: string | undefined): string | undefined {
  return label === undefined ? undefined : `"${label}"`
}
