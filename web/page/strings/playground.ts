/** The words of the playground's controls and results. */

export const playgroundStrings = {
  defaultText: 'The old woman opened the door of her house and looked at',
  tokens: (count: string, limit: string) => `${count} / ${limit} token`,
  empty: 'Chưa có văn bản. Gõ ít nhất một ký tự, chẳng hạn một câu tiếng Anh.',
  tooLong: (count: string, limit: string, droppedFrom: string) =>
    `Văn bản dài ${count} token, mô hình chỉ đọc được ${limit}. Soi giữ ${limit} token đầu; phần bỏ ra bắt đầu từ "${droppedFrom}". Bạn có thể cắt bớt đoạn đầu để mô hình đọc đoạn sau.`,
  notInLink: 'Văn bản dài quá nên đường dẫn không mang theo nó. Các lựa chọn khác vẫn có trong đường dẫn.',
  range: (first: number, last: number) => `Logit lens và ma trận chú ý chỉ vẽ các vị trí ${first}–${last}.`,
  wholeText: 'Vẽ cả văn bản',
  position: (position: number) => `Vị trí ${position}`,
  at: 'sau token',
  entropy: (nats: string, bits: string, choices: string) =>
    `Entropy ${nats} nat (${bits} bit): phân vân như chọn đều giữa ${choices} token.`,
  entropyChance: (nats: string) => `Mức ngẫu nhiên: ${nats} nat.`,
  actual: (probability: string, rank: string) => `xác suất ${probability}, hạng ${rank}.`,
  actualLead: 'Token thật đứng kế trong câu:',
  last: 'Đây là vị trí cuối, chưa có token thật để so.',
  madeNext: (model: string) => `Mô hình ${model}. Thanh đặc: đo được. Nét đứt: mức ngẫu nhiên, nếu mọi token như nhau. ▸: token thật sự đứng kế trong câu.`,
  madeLens: (model: string, blocks: string) =>
    `Mô hình ${model}, ${blocks} khối, đánh số từ 0 như tên hook; đầu ra là luồng dư sau khối cuối. Màu: xác suất của token đứng đầu, từ 0 đến 100 %. ▸: đúng bằng token kế trong câu.`,
  madeAttention: (model: string, block: string, head: string) =>
    `Mô hình ${model}, khối ${block}, đầu ${head}. Màu: trọng số từ 0 đến 1; mỗi hàng cộng lại bằng 1.`,
  block: (block: string, last: string) => `khối ${block} / ${last}`,
  agrees: 'Logit đo trên máy này trùng từng bit với logit tính sẵn khi dựng trang.',
  differs: (difference: string) => `Logit đo trên máy này lệch nhiều nhất ${difference} so với logit tính sẵn khi dựng trang.`,
  lensFile: 'logit-lens',
  nextFile: 'tu-ke-tiep',
  attentionFile: (block: number, head: number) => `chu-y-khoi-${block}-dau-${head}`,
}

export const generationStrings = {
  run: 'Sinh văn bản',
  stop: 'Dừng',
  stopped: (count: string) => `Đã dừng sau ${count} token.`,
  done: (count: string, seconds: string, rate: string, seed: string) =>
    `${count} token, ${seconds}, ${rate} token mỗi giây, seed ${seed}.`,
  same: 'Trùng từng token với lần trước: cùng seed, cùng kết quả.',
  full: 'Ngữ cảnh của mô hình đã đầy, nên đoạn văn dừng ở đây.',
  noRoom: 'Văn bản đã lấp đầy ngữ cảnh của mô hình, không còn chỗ để viết thêm. Hãy rút ngắn văn bản.',
  running: 'Đang viết',
  progress: (done: string, all: string) => `${done} / ${all} token`,
  adopt: 'Đưa vào ô văn bản',
  output: 'Văn bản sinh ra',
  made: 'Nền càng đậm, mô hình càng chắc khi rút token ấy: xác suất trước khi chỉnh nhiệt độ và cắt.',
  temperature: 'nhiệt độ',
  topK: 'top-k',
  topKNote: '0: giữ tất cả',
  topP: 'top-p',
  seed: 'seed',
  newSeed: 'Đổi seed',
  nTokens: 'số token',
}
