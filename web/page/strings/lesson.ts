/** The words of a lesson's page: its frame, controls, predictions and runs. The ledger's: ledger.ts. */

export const frameStrings = {
  lesson: (number: number) => `Bài ${number}`,
  breadcrumb: 'Vị trí của trang',
  home: 'Trang đầu',
  lessons: 'Các bài học',
  glossary: 'Bảng thuật ngữ',
  source: 'Tài liệu gốc',
  pager: 'Bài trước và bài sau',
  previous: 'Bài trước',
  next: 'Bài sau',
  current: 'đang đọc',
  question: 'Câu hỏi',
  exercise: (number: number) => `Bài tập ${number}`,
  hint: 'Gợi ý',
  answer: 'Lời giải',
  correction: 'Đính chính tài liệu gốc',
  noScript: 'Trình duyệt đang tắt JavaScript: phần chữ, công thức và kết quả tính sẵn vẫn đọc được; chạy lại thì không.',
}

export const protocolStrings = {
  label: 'Giao thức',
  names: { corrected: 'đã sửa', document: 'theo tài liệu', notebook: 'theo sổ tay gốc' },
  notes: {
    corrected: 'Các lỗi nêu trong bài đã sửa.',
    document: 'Làm đúng như tài liệu gốc viết, kể cả chỗ sai.',
    notebook: 'Làm đúng như sổ tay mã nguồn của khóa học, kể cả chỗ khác tài liệu.',
  },
  differences: 'Ba giao thức khác nhau ở đâu',
  parameter: 'tham số',
  none: 'Với bài này ba giao thức dùng cùng tham số.',
}

export const controlStrings = {
  reset: (label: string) => `Đặt lại ${label}`,
  resetShort: 'đặt lại',
  range: (minimum: string, maximum: string) => `từ ${minimum} đến ${maximum}`,
  outOfRange: (range: string) => `Giá trị phải ${range}.`,
  notWhole: 'Giá trị phải là số nguyên.',
  notANumber: 'Chưa phải là một con số.',
  ambiguous: (one: string, other: string) =>
    `Chưa rõ là ${one} hay ${other}. Bạn viết số không có dấu ngăn hàng nghìn, phần thập phân sau dấu phẩy.`,
  yes: 'có',
  no: 'không',
  seed: 'seed',
  newSeed: 'Đổi seed',
  ownText: 'của bạn',
  initialText: 'của bài',
  lines: (count: string) => `${count} dòng`,
  characters: (count: string) => `${count} ký tự`,
  notInLink: 'Văn bản dài quá nên đường dẫn không mang theo nó; tệp JSON của lần chạy thì có.',
  hidden: 'Đường dẫn này giấu bớt các nút điều chỉnh.',
}

export const predictionStrings = {
  title: 'Đoán trước khi chạy',
  skip: 'Bỏ qua',
  skipped: 'Bạn đã bỏ qua câu này.',
  again: 'Đoán lại',
  guess: (value: string) => `Bạn đoán ${value}.`,
  drawn: 'Bạn đã vẽ một đường.',
  measured: (value: string) => `Đo được ${value}.`,
  notMeasured: 'Lần chạy này không đo được con số ấy.',
  right: 'Bạn đoán đúng.',
  wrong: (label: string) => `Đo được: ${label}.`,
  waiting: 'Con số đo được nằm ở hình bên dưới; hình có thêm nét chấm của bạn.',
  draw: 'Kéo ngang khung để vẽ. Bằng bàn phím: mũi tên trái phải để đi, lên xuống để nâng hạ.',
  pad: (y: string, x: string) => `Khung vẽ: ${y} theo ${x}`,
  height: (x: string, y: string) => `tại ${x}: ${y}`,
  keep: 'Lấy giá trị này',
}

export const lessonRunStrings = {
  run: 'Chạy',
  again: 'Chạy lại',
  cancel: 'Dừng',
  estimate: (time: string) => `lần trước mất ${time}`,
  precomputed: (model: string, seed: number) => `Kết quả đang hiện được tính sẵn khi dựng trang: ${model}, seed ${seed}.`,
  simulation: 'dữ liệu mô phỏng',
  fetching: 'Đang nạp kết quả tính sẵn',
  notFetched: 'Không tải được kết quả tính sẵn. Hình và con số trong trang là của lúc dựng trang; bấm Chạy để đo trên máy này.',
  noPlot: 'Kết quả đang hiện thiếu con số mà hình này cần. Chạy lại thì hình vẽ được.',
  linkedFile: 'Người tạo đường dẫn này dùng một tệp mô hình riêng. Muốn cùng kết quả, mở phần Mô hình ở trên và chọn đúng tệp ấy; không thì Chạy dùng mô hình đi kèm.',
  loading: 'Đang nạp mô hình',
  starting: 'Đang khởi động',
  running: 'Đang tính',
  done: (model: string, seed: number, build: string, time: string) =>
    `Đo được trên máy này: ${model}, seed ${seed}, ${build}, ${time}.`,
  kept: (model: string, seed: number) => `Kết quả của lần bạn chạy trước, giữ trong trình duyệt này: ${model}, seed ${seed}.`,
  opened: (model: string, seed: number, build: string) => `Kết quả mở từ tệp: ${model}, seed ${seed}, bản ${build}.`,
  stale: 'Tham số đã đổi, kết quả đang hiện là của lần trước.',
  otherModel: 'Mô hình đã đổi, kết quả đang hiện là của mô hình trước.',
  cancelled: 'Đã dừng. Kết quả trước vẫn còn.',
  same: (count: string) => `Trùng từng bit với kết quả tính sẵn: cả ${count} con số.`,
  differs: (largest: string, where: string) => `Lệch so với kết quả tính sẵn: nhiều nhất ${largest} (tương đối), ở ${where}.`,
  model: 'Mô hình',
  noModel: 'Bài này chỉ dùng dữ liệu mô phỏng, không cần mô hình.',
  modelIdle: 'Chưa nạp. Khi bạn bấm Chạy, trang nạp mô hình đi kèm (20\u00a0MB).',
  live: 'Đang vẽ theo từng bước',
}

export const codeStrings = {
  title: 'Tự chạy bằng mã',
  python: 'PyTorch, với tham số bạn đang chọn',
  command: 'Dòng lệnh của Soi, cùng tham số',
  copy: 'Chép',
  copied: 'Đã chép',
  failed: 'Trình duyệt không cho chép: hãy bôi đen rồi chép bằng tay.',
}

export const glossaryStrings = {
  title: 'Bảng thuật ngữ',
  description: 'Những từ các bài học dùng chung: tiếng Việt, tiếng Anh, một dòng giải thích, và bài nào dùng.',
  usedIn: 'Dùng ở',
}

export const toolStrings = {
  title: 'Mang về, mở lại',
  link: 'Đường dẫn.',
  linkNote: 'Nó mang theo mọi tham số và seed: ai mở cũng thấy đúng trang này. Thầy cô có thể gửi bản giấu các nút điều chỉnh.',
  copyLink: 'Chép đường dẫn',
  copyTeacherLink: 'Chép bản giấu điều chỉnh',
  copied: 'Đã chép.',
  notCopied: 'Trình duyệt không cho chép. Bạn chép từ thanh địa chỉ.',
  file: 'Tệp của lần chạy.',
  fileNote: 'Một tệp JSON giữ tham số, mọi con số và mảng; mở lại được trên máy khác, không cần chạy lại.',
  save: 'Lưu tệp JSON',
  open: 'Mở tệp JSON',
  faults: {
    network: () => 'Không tải được phần này của trang. Kiểm tra mạng rồi thử lại.',
    format: () => 'Tệp này không phải một lần chạy của Soi. Hãy chọn tệp JSON do chính trang bài học lưu.',
    version: () => 'Tệp này do một bản Soi mới hơn lưu. Hãy tải lại trang để lấy bản mới, rồi mở lại tệp.',
    lesson: () => 'Tệp này là lần chạy của một bài khác. Hãy mở nó ở trang của bài ấy.',
    content: (where: string) => `Tệp này thiếu hoặc sai ở mục ${where}: nó đã bị sửa, hay do một bản Soi khác lưu. Trang vẫn như cũ.`,
  },
}

export const storedStrings = {
  title: 'Dữ liệu trong trình duyệt.',
  note: 'Trang nhớ các lần bạn đoán và kết quả lần chạy cuối của mỗi bài, và cất một bản sao của chính trang để dùng khi không có mạng. Tất cả chỉ nằm trên máy này.',
  erase: 'Xóa dữ liệu',
  question: 'Xóa những gì Soi giữ trong trình duyệt này?',
  lessons: (count: number, size: string) => (count === 0 ? 'Chưa có lần đoán hay kết quả nào.' : `Lần đoán và kết quả của ${count} bài, ${size}.`),
  model: (name: string, size: string) => `Mô hình ${name}, ${size}.`,
  copy: (size: string) => `Bản sao của trang để dùng khi không có mạng, ${size}. Lần sau mở trang, trình duyệt cất lại bản mới.`,
  theme: 'Lựa chọn nền sáng hay tối.',
  forGood: 'Xóa rồi thì không lấy lại được. Tệp đã lưu ra máy vẫn còn nguyên.',
  keep: 'Thôi, giữ lại',
  eraseAll: 'Xóa hết',
  erased: 'Đã xóa.',
  network: 'Không tải được phần này của trang. Kiểm tra mạng rồi thử lại.',
  failed: 'Trình duyệt không cho xóa hết. Bạn xóa dữ liệu của trang này trong phần cài đặt của trình duyệt.',
}
