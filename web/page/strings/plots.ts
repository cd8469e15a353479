/** The words inside plots and around every plot. */

export const plotStrings = {
  token: 'token',
  probability: 'xác suất',
  logit: 'logit',
  rank: (rank: string) => `hạng ${rank}`,
  chance: (nVocab: string, percent: string) => `mức ngẫu nhiên 1/${nVocab} ≈ ${percent}`,
  nextTokenDescription: (first: string[], outsideRank: number | null) =>
    `Biểu đồ thanh: token kế tiếp có xác suất cao nhất: ${first.join('; ')}.` +
    (outsideRank === null ? '' : ` Token thật đứng hạng ${outsideRank}.`),
  forms: {
    measured: 'đo được',
    'group-a': 'nhóm 1',
    'group-b': 'nhóm 2',
    soft: 'các lần khác',
    chance: 'mức ngẫu nhiên',
    document: 'tài liệu',
    prediction: 'bạn đoán',
  },
  countOf: (counted: string | undefined) => (counted ? `số ${counted}` : 'số lượng'),
  shareOf: (counted: string | undefined) => (counted ? `tỉ lệ ${counted}` : 'tỉ lệ'),
  cumulative: 'cộng dồn',
  reached: 'đạt ngưỡng ở',
  interval: (from: string, to: string) => `từ ${from} đến ${to}`,
  table: 'Bảng số liệu',
  tableOf: (lead: string) => `Số liệu của hình: ${lead}`,
  more: (rows: string) => `Còn ${rows} hàng nữa, đủ cả trong tệp CSV.`,
  group: 'nhóm',
  position: 'vị trí',
  matrix: 'ma trận',
  mean: 'trung bình',
  largest: 'lớn nhất',
  smallest: 'nhỏ nhất',
  at: (label: string) => `ở ${label}`,
  mapLabel: (lead: string) => `${lead} Mũi tên để đi qua các ô, dấu cộng và trừ để phóng to, thu nhỏ, số 0 để xem cả hình.`,
  zoomIn: 'Phóng to',
  merged: 'Có nhiều giá trị hơn điểm ảnh: mỗi điểm ảnh mang màu của giá trị lớn nhất trong những giá trị nó gộp lại. Phóng to để thấy từng ô.',
  zoomOut: 'Thu nhỏ',
  whole: 'Cả hình',
  point: 'điểm',
  row: 'con số',
  form: 'loại',
  value: 'giá trị',
  low: 'cận dưới',
  high: 'cận trên',
  lowOf: (label: string) => `${label}, cận dưới`,
  highOf: (label: string) => `${label}, cận trên`,
  from: (label: string) => `${label}, từ`,
  to: (label: string) => `${label}, đến`,
  countIn: (label: string, total: string) => `${label} (trong ${total})`,
  areaLabel: (lead: string) => `${lead} Mũi tên để đi qua các điểm.`,
  areaRole: 'biểu đồ',
  stale: 'Tham số đã đổi: hình này là của lần chạy trước.',
}

export const stripStrings = {
  label: 'Các token của văn bản. Mũi tên để đi, giữ Shift để chọn một đoạn.',
  group: (count: number, characters: string | null) =>
    characters === null ? `${count} token không ghép thành ký tự nào` : `${count} token ghép thành ${characters}`,
  position: (position: number, isBytes: boolean) => `Vị trí ${position}: ${isBytes ? 'byte ' : ''}`,
}

export const lensStrings = {
  input: 'đầu vào',
  afterBlock: (block: number) => `sau khối ${block}`,
  output: 'đầu ra',
  corner: 'vị trí',
  gridLabel: 'Logit lens: mỗi hàng một tầng của luồng dư, mỗi cột một vị trí. Mũi tên để đi.',
  cell: (label: string, percent: string) => `${label}, ${percent}`,
  detail: (row: string, position: number) => `${row}, vị trí ${position}`,
  description: (rows: number, columns: number) =>
    `Logit lens: token có xác suất cao nhất ở ${rows} tầng và ${columns} vị trí.`,
}

export const attentionStrings = {
  heads: 'Các đầu chú ý của khối',
  head: (head: number) => `đầu ${head}`,
  mapLabel: (head: number) =>
    `Ma trận chú ý của đầu ${head}: hàng là truy vấn, cột là khóa. Mũi tên để đi, Enter để chọn hàng.`,
  query: 'truy vấn',
  key: 'khóa',
  uniform: (keys: number, value: string) => `mức đều 1/${keys} = ${value}`,
  future: (query: number, key: number) => `Vị trí ${query} không nhìn được vị trí ${key}: nó nằm phía sau.`,
  row: (query: number, head: number) => `Vị trí ${query} nhìn vào đâu, theo đầu ${head}: càng đậm, trọng số càng lớn.`,
  description: (head: number, size: number) => `Ma trận chú ý của đầu ${head}, ${size} × ${size} vị trí.`,
}

export const exportStrings = { label: 'Lưu về máy' }
