/** The words on what a browser can do. */

export const browserStrings = {
  yes: 'Có',
  no: 'Không',
  simd: 'Chạy được Soi',
  simdYes: 'Trình duyệt có WebAssembly SIMD.',
  simdNo: 'Thiếu WebAssembly SIMD: dùng Chrome hoặc Edge từ bản 95, Firefox từ bản 100, hay Safari từ bản 16.4.',
  threads: 'Nhiều luồng',
  threadsYes: (processors: number) => `Máy có ${processors} luồng; Soi dùng nhiều nhất 8.`,
  threadsNo: 'Soi chạy một luồng: kết quả y như vậy, chỉ chậm hơn.',
  keep: 'Giữ mô hình cho lần sau',
  keepYes: 'Bạn chọn tệp một lần, lần sau có sẵn.',
  keepNo: 'Mỗi lần mở trang, bạn chọn lại tệp.',
  relaxed: 'Relaxed SIMD',
  relaxedYes: 'Tắt sẵn, vì con số có thể lệch ở chữ số cuối; bật trong phần đổi mô hình.',
  relaxedNo: 'Không cần đến: đây là bản tùy chọn.',
}
